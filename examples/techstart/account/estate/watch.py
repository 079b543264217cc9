"""Logs, the trail, Config, GuardDuty, alarms: what watches the account, more in Paris than in Ireland."""

from __future__ import annotations

import json
from typing import Any

from .tools import ACCOUNT, IRELAND, PARIS, Aws, tags, well_kept

_ALERTS = f"arn:aws:sns:{PARIS}:{ACCOUNT}:techstart-alertes"
_TRAIL_GROUP = "/techstart/piste-audit"

# Days that log groups are kept; 0 = for ever.
LOG_GROUPS = {
    _TRAIL_GROUP: 365,
    "/techstart/portail": 365,
    "/techstart/acces": 180,
    "/techstart/debogage": 0,
    "/aws/lambda/techstart-facturation": 365,
    "/aws/lambda/techstart-export-clients": 0,
    "/aws/lambda/techstart-webhook": 7,
    "/aws/rds/instance/techstart-production/postgresql": 180,
}
# Events of the trail that are counted; the rest of the usual list is missing.
WATCHED = {
    "RacineUtilisee": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }',
    "AppelRefuse": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "ConsoleSansMfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "ConfigModifiee": "{ ($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) }",
    "CleSupprimee": "{ ($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion) }",
    "PisteModifiee": "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) || ($.eventName = UpdateTrail) }",
}


def fill(aws: Aws, keys: dict[str, str], roles: dict[str, str]) -> None:
    """Makes everything."""
    _log_groups(aws, keys)
    _trail(aws("cloudtrail"), keys, roles)
    _config(aws("config"), roles)
    aws("guardduty").create_detector(Enable=True, FindingPublishingFrequency="FIFTEEN_MINUTES")
    aws("securityhub").enable_security_hub(EnableDefaultStandards=True)
    _alarms(aws("logs"), aws("cloudwatch"))
    _sessions(aws("ssm"))
    aws("events").put_rule(
        Name="techstart-alertes-guardduty", EventPattern='{"source": ["aws.guardduty"]}', State="ENABLED"
    )
    aws("events").put_targets(Rule="techstart-alertes-guardduty", Targets=[{"Id": "alertes", "Arn": _ALERTS}])


def _log_groups(aws: Aws, keys: dict[str, str]) -> None:
    logs = aws("logs")
    for name, days in LOG_GROUPS.items():
        key = {"kmsKeyId": keys["journaux"]} if name == _TRAIL_GROUP else {}
        logs.create_log_group(logGroupName=name, tags=well_kept("plateforme") if days >= 180 else {}, **key)
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    logs.put_retention_policy(logGroupName="/techstart/flux-vpc", retentionInDays=30)
    aws("logs", IRELAND).create_log_group(logGroupName="/techstart/secours")


def _trail(cloudtrail: Any, keys: dict[str, str], roles: dict[str, str]) -> None:
    cloudtrail.create_trail(
        Name="techstart-piste",
        S3BucketName="techstart-piste-audit",
        IncludeGlobalServiceEvents=True,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=keys["journaux"],
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{PARIS}:{ACCOUNT}:log-group:{_TRAIL_GROUP}:*",
        CloudWatchLogsRoleArn=roles["piste"],
        TagsList=tags(Owner="securite"),
    )
    cloudtrail.start_logging(Name="techstart-piste")
    objects = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::techstart-clients-documents/"]}
    selector = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [objects]}
    cloudtrail.put_event_selectors(TrailName="techstart-piste", EventSelectors=[selector])


def _config(config: Any, roles: dict[str, str]) -> None:
    recorder = {
        "name": "default",
        "roleARN": roles["configuration"],
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "techstart-config"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def _sessions(ssm: Any) -> None:
    inputs = {"cloudWatchLogGroupName": "/techstart/acces", "cloudWatchEncryptionEnabled": True}
    content = {"schemaVersion": "1.0", "description": "Sessions", "sessionType": "Standard_Stream", "inputs": inputs}
    ssm.create_document(
        Name="SSM-SessionManagerRunShell", Content=json.dumps(content), DocumentType="Session", DocumentFormat="JSON"
    )


def _alarms(logs: Any, cloudwatch: Any) -> None:
    for name, pattern in WATCHED.items():
        metric = {"metricName": name, "metricNamespace": "TechStart/Securite", "metricValue": "1"}
        logs.put_metric_filter(
            logGroupName=_TRAIL_GROUP, filterName=name, filterPattern=pattern, metricTransformations=[metric]
        )
        if name != "CleSupprimee":  # a filter that nobody is told about
            _alarm(cloudwatch, f"techstart-{name}", name, "TechStart/Securite", [])
    database = [{"Name": "DBInstanceIdentifier", "Value": "techstart-production"}]
    _alarm(cloudwatch, "techstart-base-espace", "FreeStorageSpace", "AWS/RDS", database)
    _alarm(cloudwatch, "techstart-base-cpu", "CPUUtilization", "AWS/RDS", database, acts=False)


def _alarm(
    cloudwatch: Any, alarm: str, metric: str, namespace: str, dimensions: list[dict[str, str]], *, acts: bool = True
) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName=alarm,
        MetricName=metric,
        Namespace=namespace,
        Dimensions=dimensions,
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[_ALERTS] if acts else [],
        ActionsEnabled=True,
    )
