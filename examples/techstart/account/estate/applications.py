"""What the company runs: load balancers, functions, containers, APIs, queues, images and the public names."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from .network import Places
from .tools import ACCOUNT, IRELAND, PARIS, Aws, lower_tags, policy, tags, well_kept

_NOT_A_KEY = {
    "DB_PASSWORD": "NotARealPassword-42",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",  # the key of AWS's own documentation
}


def fill(aws: Aws, keys: dict[str, str], places: Places, roles: dict[str, str]) -> None:
    """Makes everything."""
    certificate = _certificates(aws("acm"))
    balancer = _balancers(aws("elbv2"), places, certificate)
    _firewall(aws("wafv2"), balancer)
    _functions(aws("lambda"), roles["fonctions"], keys)
    _messages(aws, keys)
    _images(aws, keys)
    _containers(aws, roles)
    _front_doors(aws)


def _certificates(acm: Any) -> str:
    made: str = acm.request_certificate(
        DomainName="portail.techstart.example", ValidationMethod="DNS", Tags=tags(Owner="plateforme")
    )["CertificateArn"]
    key, certificate = _expiring_certificate()
    acm.import_certificate(Certificate=certificate, PrivateKey=key, Tags=tags(Owner="communication"))
    return made


def _expiring_certificate() -> tuple[bytes, bytes]:
    from cryptography import x509  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ancien.techstart.example")])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(20260901).not_valid_before(today - timedelta(days=350))
    certificate = builder.not_valid_after(today + timedelta(days=12)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return private, certificate.public_bytes(pem)


def _balancers(elb: Any, places: Places, certificate: str) -> str:
    group = [places.groups["repartiteur"]]
    subnets = list(places.public)
    portal = elb.create_load_balancer(
        Name="techstart-portail",
        Scheme="internet-facing",
        Subnets=subnets,
        SecurityGroups=group,
        Tags=tags(**well_kept("produit")),
    )["LoadBalancers"][0]["LoadBalancerArn"]
    old = elb.create_load_balancer(
        Name="techstart-ancien", Scheme="internet-facing", Subnets=subnets, SecurityGroups=group
    )["LoadBalancers"][0]
    target = elb.create_target_group(Name="techstart-portail", Protocol="HTTP", Port=8080, VpcId=places.vpc)
    forward = [{"Type": "forward", "TargetGroupArn": target["TargetGroups"][0]["TargetGroupArn"]}]
    secure = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": certificate}]}
    elb.create_listener(
        LoadBalancerArn=portal, **secure, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", DefaultActions=forward
    )
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    elb.create_listener(
        LoadBalancerArn=portal,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}],
    )
    elb.create_listener(LoadBalancerArn=old["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward)
    settings = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "techstart-journaux",
        "deletion_protection.enabled": "true",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    elb.modify_load_balancer_attributes(LoadBalancerArn=portal, Attributes=tags(**settings))
    return str(portal)


def _firewall(waf: Any, balancer: str) -> None:
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "portail"}
    managed = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
    rule = {"Name": "commun", "Priority": 0, "OverrideAction": {"None": {}}, "VisibilityConfig": seen}
    acl = waf.create_web_acl(
        Name="techstart-portail",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        Rules=[{**rule, "Statement": {"ManagedRuleGroupStatement": managed}}],
        VisibilityConfig=seen,
    )["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=balancer)
    logs = f"arn:aws:logs:{PARIS}:{ACCOUNT}:log-group:aws-waf-logs-techstart"
    waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": acl, "LogDestinationConfigs": [logs]})


def _archive() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def main(event, context):\n    return {}\n")
    return memory.getvalue()


def _functions(functions: Any, role: str, keys: dict[str, str]) -> None:
    code = {"Role": role, "Handler": "main.main", "Code": {"ZipFile": _archive()}}
    kept = {"Tags": well_kept("finance", "confidential"), "TracingConfig": {"Mode": "Active"}}
    functions.create_function(
        FunctionName="techstart-facturation", Runtime="python3.12", **code, **kept, KMSKeyArn=keys["donnees"]
    )
    functions.create_function(
        FunctionName="techstart-export-clients", Runtime="python3.12", **code, Environment={"Variables": _NOT_A_KEY}
    )
    functions.create_function(FunctionName="techstart-vignettes", Runtime="python3.7", **code)
    functions.create_function(FunctionName="techstart-webhook", Runtime="nodejs20.x", **code)
    functions.create_function_url_config(FunctionName="techstart-webhook", AuthType="NONE")
    functions.add_permission(
        FunctionName="techstart-webhook",
        StatementId="tous",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )


def _messages(aws: Aws, keys: dict[str, str]) -> None:
    sns, sqs = aws("sns"), aws("sqs")
    alerts = sns.create_topic(Name="techstart-alertes", Attributes={"KmsMasterKeyId": keys["journaux"]})["TopicArn"]
    sns.subscribe(TopicArn=alerts, Protocol="email", Endpoint="securite@techstart.example")
    publish = {"Effect": "Allow", "Action": "sns:Publish", "Resource": alerts}
    own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    senders = [
        {**publish, "Principal": {"Service": f"{name}.amazonaws.com"}, "Condition": own}
        for name in ("cloudwatch", "events")
    ]
    sns.set_topic_attributes(TopicArn=alerts, AttributeName="Policy", AttributeValue=policy(*senders))
    news = sns.create_topic(Name="techstart-annonces")["TopicArn"]
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": news}
    sns.set_topic_attributes(TopicArn=news, AttributeName="Policy", AttributeValue=policy(everyone))
    dead = sqs.create_queue(QueueName="techstart-taches-rebut", Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
    sqs.create_queue(
        QueueName="techstart-taches", Attributes={"KmsMasterKeyId": keys["donnees"]}, tags=well_kept("produit")
    )
    sqs.tag_queue(QueueUrl=dead, Tags={"Owner": "produit"})
    arn = f"arn:aws:sqs:{PARIS}:{ACCOUNT}:techstart-partenaires"
    opened = policy({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn})
    sqs.create_queue(QueueName="techstart-partenaires", Attributes={"Policy": opened, "SqsManagedSseEnabled": "false"})
    aws("kinesis").create_stream(StreamName="techstart-clics", ShardCount=1)
    aws("kinesis").start_stream_encryption(StreamName="techstart-clics", EncryptionType="KMS", KeyId=keys["donnees"])
    aws("sns", IRELAND).create_topic(Name="techstart-alertes", Attributes={"KmsMasterKeyId": keys["secours"]})


def _images(aws: Aws, keys: dict[str, str]) -> None:
    ecr = aws("ecr")
    ecr.create_repository(
        repositoryName="techstart/portail",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": keys["donnees"]},
        tags=tags(**well_kept("produit")),
    )
    ecr.create_repository(repositoryName="techstart/ancien")
    pull = {"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}
    ecr.set_repository_policy(repositoryName="techstart/ancien", policyText=policy(pull))
    ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[])
    aws("codebuild").create_project(
        name="techstart-portail",
        source={"type": "GITHUB", "location": "https://github.com/techstart-exemple/portail"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": "NPM_TOKEN", "value": "not-a-real-token-0000", "type": "PLAINTEXT"}],
            "privilegedMode": True,
        },
        serviceRole=f"arn:aws:iam::{ACCOUNT}:role/techstart-construction",
    )


def _containers(aws: Aws, roles: dict[str, str]) -> None:
    ecs = aws("ecs")
    ecs.create_cluster(
        clusterName="techstart",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        tags=lower_tags(Owner="produit"),
    )
    container = {"name": "portail", "image": "techstart/portail:1.4.2", "memory": 512, "readonlyRootFilesystem": True}
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/techstart/portail"}}
    ecs.register_task_definition(
        family="techstart-portail",
        networkMode="awsvpc",
        taskRoleArn=roles["taches"],
        containerDefinitions=[{**container, "user": "1000", "logConfiguration": logs}],
    )
    variables = [{"name": name, "value": value} for name, value in _NOT_A_KEY.items()]
    bad = {
        "name": "lots",
        "image": "techstart/ancien:latest",
        "memory": 256,
        "privileged": True,
        "environment": variables,
    }
    ecs.register_task_definition(family="techstart-lots", containerDefinitions=[bad])


def _front_doors(aws: Aws) -> None:
    route53 = aws("route53")
    zone = route53.create_hosted_zone(Name="techstart.example.", CallerReference="techstart")["HostedZone"]["Id"]
    record = {
        "Name": "portail.techstart.example.",
        "Type": "A",
        "TTL": 300,
        "ResourceRecords": [{"Value": "203.0.113.10"}],
    }
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)
    aws("cloudfront").create_distribution(DistributionConfig=_distribution())
    api = aws("apigateway").create_rest_api(name="techstart-partenaires", tags={"Owner": "produit"})["id"]
    _rest_api(aws("apigateway"), api)
    aws("cognito-idp").create_user_pool(
        PoolName="techstart-clients",
        MfaConfiguration="OFF",
        Policies={"PasswordPolicy": {"MinimumLength": 8, "RequireNumbers": True}},
        UserPoolTags={"Owner": "produit", "PersonalData": "yes"},
    )


def _rest_api(gateway: Any, api: str) -> None:
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="production")


def _distribution() -> dict[str, Any]:
    origin = {
        "Id": "site",
        "DomainName": "techstart-site-public.s3.eu-west-3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    forwarded = {"QueryString": False, "Cookies": {"Forward": "none"}}
    behaviour = {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "allow-all",
        "MinTTL": 0,
        "ForwardedValues": forwarded,
    }
    return {
        "CallerReference": "techstart-site",
        "Comment": "Site public",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
    }
