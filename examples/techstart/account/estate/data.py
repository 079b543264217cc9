"""Keys, databases, tables, secrets, file systems and backups."""

from __future__ import annotations

from typing import Any

from .network import Places
from .tools import ACCOUNT, IRELAND, PARIS, Aws, policy, tags, well_kept


def keys(aws: Aws) -> dict[str, str]:
    """Makes the KMS keys; returns their ARNs by short name (`secours` is in Ireland)."""
    kms = aws("kms")
    made = {
        "donnees": _key(kms, "techstart-donnees", rotated=True, **well_kept("plateforme", "confidential")),
        "journaux": _key(kms, "techstart-journaux", rotated=True, Owner="securite"),
        "partagee": _key(kms, "techstart-partagee", rotated=False),
    }
    everyone = {"Sid": "Tous", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    kms.put_key_policy(KeyId=made["partagee"], PolicyName="default", Policy=policy(everyone))
    owner = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    uses = {"Effect": "Allow", "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*"}
    alarms = {"Principal": {"Service": "cloudwatch.amazonaws.com"}, **uses}
    own = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    rules = {"Principal": {"Service": "events.amazonaws.com"}, **uses}  # tells a key nothing of its rule
    for_alerts = policy(owner, {**alarms, **own}, rules)
    kms.put_key_policy(KeyId=made["journaux"], PolicyName="default", Policy=for_alerts)
    gone = _key(kms, "techstart-ancienne", rotated=False)
    kms.schedule_key_deletion(KeyId=gone.rpartition("/")[2], PendingWindowInDays=30)
    made["secours"] = _key(aws("kms", IRELAND), "techstart-secours", rotated=True)
    return made


def _key(kms: Any, alias: str, *, rotated: bool, **values: str) -> str:
    made = kms.create_key(
        Description=alias, Tags=[{"TagKey": key, "TagValue": value} for key, value in values.items()]
    )["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=made["KeyId"])
    if rotated:
        kms.enable_key_rotation(KeyId=made["KeyId"])
    return str(made["Arn"])


def fill(aws: Aws, keys: dict[str, str], places: Places, roles: dict[str, str]) -> None:
    """Makes everything that holds data, buckets and volumes apart."""
    _databases(aws, keys, places, roles)
    _tables(aws("dynamodb"), keys)
    _secrets(aws, keys)
    _file_systems(aws("efs"), keys, places)
    _caches(aws)
    _backups(aws, keys)


def _databases(aws: Aws, keys: dict[str, str], places: Places, roles: dict[str, str]) -> None:
    rds = aws("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="techstart-prive", DBSubnetGroupDescription="prive", SubnetIds=list(places.private)
    )
    group = "techstart-postgres16"
    rds.create_db_parameter_group(
        DBParameterGroupName=group, DBParameterGroupFamily="postgres16", Description="TLS exigé"
    )
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=group, Parameters=[forced])
    postgres = {"Engine": "postgres", "EngineVersion": "16.4", "DBParameterGroupName": group}
    _database(
        rds,
        "techstart-production",
        well_kept("produit", "confidential", "yes", RopaId="TRT-001", Retention="1095d"),
        **postgres,
        MultiAZ=True,
        StorageEncrypted=True,
        KmsKeyId=keys["donnees"],
        BackupRetentionPeriod=14,
        DeletionProtection=True,
        AutoMinorVersionUpgrade=True,
        CopyTagsToSnapshot=True,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"],
        EnableIAMDatabaseAuthentication=True,
        DBSubnetGroupName="techstart-prive",
        VpcSecurityGroupIds=[places.groups["base"]],
        EnablePerformanceInsights=True,
        MonitoringInterval=60,
        MonitoringRoleArn=roles["surveillance-base"],
    )
    recette = {"Owner": "produit", "Environment": "recette"}
    journals = {"EnableCloudwatchLogsExports": ["postgresql"]}
    _database(
        rds, "techstart-recette", recette, **postgres, **journals, StorageEncrypted=False, BackupRetentionPeriod=0
    )
    ancien = {"Engine": "mysql", "EngineVersion": "5.7.44", "PubliclyAccessible": True, "BackupRetentionPeriod": 1}
    _database(rds, "techstart-ancien", {"Owner": "personne"}, **ancien, VpcSecurityGroupIds=[places.groups["mysql"]])
    cluster_group = "techstart-aurora16"
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=cluster_group,
        DBParameterGroupFamily="aurora-postgresql16",
        Description="Par défaut",
    )
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=cluster_group, Parameters=[forced])
    rds.create_db_cluster(
        DBClusterIdentifier="techstart-analyse",
        DBClusterParameterGroupName=cluster_group,
        Engine="aurora-postgresql",
        MasterUsername="analyse",
        MasterUserPassword="Only-in-the-emulator-1",
        StorageEncrypted=True,
        KmsKeyId=keys["donnees"],
        BackupRetentionPeriod=7,
        EngineVersion="16.4",
        DeletionProtection=True,
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=tags(**well_kept("produit", "internal")),
    )
    _database_snapshots(rds)
    _database(
        aws("rds", IRELAND),
        "techstart-secours",
        {"Owner": "plateforme", "Environment": "secours"},
        **{**postgres, **journals, "DBParameterGroupName": "default.postgres16"},
        StorageEncrypted=True,
        KmsKeyId=keys["secours"],
        BackupRetentionPeriod=7,
    )


def _database(rds: Any, name: str, values: dict[str, str], **settings: Any) -> None:
    # AWS always says whether an instance is public; moto only if it was told.
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.medium",
        AllocatedStorage=50,
        MasterUsername="techstart",
        MasterUserPassword="Only-in-the-emulator-1",
        Tags=tags(**values),
        **{"PubliclyAccessible": False, **settings},
    )


def _database_snapshots(rds: Any) -> None:
    for name in ("techstart-production", "techstart-ancien"):
        rds.create_db_snapshot(DBSnapshotIdentifier=f"{name}-avant-migration", DBInstanceIdentifier=name)
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="techstart-ancien-avant-migration", AttributeName="restore", ValuesToAdd=["all"]
    )


def _tables(dynamodb: Any, keys: dict[str, str]) -> None:
    encrypted = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": keys["donnees"]}
    _table(
        dynamodb,
        "techstart-preferences",
        well_kept("produit", "confidential", "yes", RopaId="TRT-002", Retention="1095d"),
        SSESpecification=encrypted,
        DeletionProtectionEnabled=True,
    )
    restore = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName="techstart-preferences", PointInTimeRecoverySpecification=restore)
    dynamodb.update_time_to_live(
        TableName="techstart-preferences", TimeToLiveSpecification={"Enabled": True, "AttributeName": "efface_le"}
    )
    _table(dynamodb, "techstart-sessions", {"Owner": "produit", "PersonalData": "yes"})
    dynamodb.update_time_to_live(
        TableName="techstart-sessions", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expire"}
    )
    _table(dynamodb, "techstart-evenements", {})


def _table(dynamodb: Any, name: str, values: dict[str, str], **settings: Any) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=tags(**values),
        **settings,
    )


def _secrets(aws: Aws, keys: dict[str, str]) -> None:
    secrets = aws("secretsmanager")
    value = "not-a-real-secret"
    secrets.create_secret(
        Name="production/base",
        SecretString=value,
        KmsKeyId=keys["donnees"],
        Tags=tags(**well_kept("plateforme", "secret")),
    )
    secrets.rotate_secret(SecretId="production/base", RotationRules={"AutomaticallyAfterDays": 30})
    secrets.create_secret(Name="production/paiement", SecretString=value, Tags=tags(Owner="finance"))
    secrets.create_secret(Name="recette/base", SecretString=value)
    aws.backdate({"kind": "secret", "id": "production/paiement", "days": 500})
    ssm = aws("ssm")
    ssm.put_parameter(Name="/techstart/url", Value="https://portail.techstart.example", Type="String")
    ssm.put_parameter(Name="/techstart/smtp/password", Value="NotARealPassword-42", Type="String")
    ssm.put_parameter(Name="/techstart/api/jeton", Value=value, Type="SecureString", KeyId=keys["donnees"])


def _file_systems(efs: Any, keys: dict[str, str], places: Places) -> None:
    kept = tags(Name="techstart-partage", **well_kept("plateforme", "confidential"))
    made = efs.create_file_system(CreationToken="partage", Encrypted=True, KmsKeyId=keys["donnees"], Tags=kept)
    efs.create_mount_target(
        FileSystemId=made["FileSystemId"], SubnetId=places.private[0], SecurityGroups=[places.groups["application"]]
    )
    efs.create_file_system(CreationToken="ancien", Encrypted=False, Tags=tags(Name="techstart-ancien-partage"))


def _caches(aws: Aws) -> None:
    aws("elasticache").create_replication_group(
        ReplicationGroupId="techstart-sessions",
        ReplicationGroupDescription="Sessions du portail",
        Engine="redis",
        CacheNodeType="cache.t3.small",
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=False,
    )
    aws("opensearch").create_domain(
        DomainName="techstart-recherche",
        EngineVersion="OpenSearch_2.13",
        EncryptionAtRestOptions={"Enabled": True},
        NodeToNodeEncryptionOptions={"Enabled": True},
        DomainEndpointOptions={"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"},
        TagList=tags(**well_kept("produit", "confidential", "yes", RopaId="TRT-001")),
    )


def _backups(aws: Aws, keys: dict[str, str]) -> None:
    for region, name, key in (
        (PARIS, "techstart-coffre", keys["donnees"]),
        (IRELAND, "techstart-coffre-secours", keys["secours"]),
    ):
        vault = {"BackupVaultName": name, "BackupVaultTags": {"Owner": "plateforme"}, "EncryptionKeyArn": key}
        aws("backup", region).create_backup_vault(**vault)
    aws("backup").put_backup_vault_lock_configuration(
        BackupVaultName="techstart-coffre", MinRetentionDays=30, MaxRetentionDays=365, ChangeableForDays=3
    )
    copy = {
        "DestinationBackupVaultArn": f"arn:aws:backup:{IRELAND}:{ACCOUNT}:backup-vault:techstart-coffre-secours",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    rule = {
        "RuleName": "quotidienne",
        "TargetBackupVaultName": "techstart-coffre",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "Lifecycle": {"DeleteAfterDays": 35},
        "CopyActions": [copy],
    }
    aws("backup").create_backup_plan(
        BackupPlan={"BackupPlanName": "techstart-quotidien", "Rules": [rule]}, BackupPlanTags={"Owner": "plateforme"}
    )
