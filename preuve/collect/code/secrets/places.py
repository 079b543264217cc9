"""The places of secrets in code: configuration of programs, arguments that expect a secret, and names beside one."""

from __future__ import annotations

from collections.abc import Mapping

from preuve.collect.code.secrets.names import remembered
from preuve.library.words import words_of


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What runs programs or makes machines: whoever may look at it reads its configuration.
COMPUTING = _set(
    """
    aws_lambda_function aws_ecs_task_definition aws_instance aws_launch_template aws_spot_instance_request
    aws_launch_configuration aws_spot_fleet_request aws_batch_job_definition aws_apprunner_service
    aws_codebuild_project aws_elastic_beanstalk_environment aws_elastic_beanstalk_configuration_template
    aws_lightsail_instance aws_lightsail_container_service_deployment_version aws_glue_job aws_amplify_app
    aws_amplify_branch aws_sagemaker_model aws_sagemaker_notebook_instance_lifecycle_configuration
    aws_imagebuilder_component aws_imagebuilder_image_recipe aws_mwaa_environment aws_ssm_document
    aws_emr_cluster aws_emrserverless_application aws_ecs_service aws_synthetics_canary
    aws_opsworks_application aws_datapipeline_pipeline_definition aws_gamelift_fleet aws_cloudfront_function
    AWS::Lambda::Function AWS::Serverless::Function AWS::ECS::TaskDefinition AWS::EC2::Instance
    AWS::EC2::LaunchTemplate AWS::EC2::SpotFleet AWS::AutoScaling::LaunchConfiguration AWS::Batch::JobDefinition
    AWS::AppRunner::Service AWS::CodeBuild::Project AWS::ElasticBeanstalk::Environment
    AWS::ElasticBeanstalk::ConfigurationTemplate AWS::Lightsail::Instance AWS::Lightsail::Container AWS::Glue::Job
    AWS::Amplify::App AWS::Amplify::Branch AWS::SageMaker::Model AWS::SageMaker::NotebookInstanceLifecycleConfig
    AWS::ImageBuilder::Component AWS::ImageBuilder::ImageRecipe AWS::MWAA::Environment AWS::SSM::Document
    AWS::EMR::Cluster AWS::EMRServerless::Application AWS::ECS::Service AWS::Synthetics::Canary AWS::OpsWorks::App
    AWS::DataPipeline::Pipeline AWS::GameLift::Fleet AWS::CloudFront::Function
    """
)
# Terraform's own arguments: they are about the block, not what it makes.
META = _set("depends_on lifecycle provider providers count source version timeouts")
# Grants of access: names of conditions, claims and scopes tell of no secret there.
POLICIES = _set("data.aws_iam_policy_document")
GRANTS = _set("Statement statement permissions")
# These configure programs: if the value is not known, it may hold a secret.
_CONTENT = _set(
    """
    userdata userdatabase64 containerdefinitions containerproperties nodeproperties variables environment
    environmentvariables runtimeenvironmentvariables buildspec defaultarguments inline data content oncreate onstart
    airflowconfigurationoptions
    """
)
# Maps whose names people choose.
_CHOSEN = _set(
    "variables environmentvariables runtimeenvironmentvariables defaultarguments airflowconfigurationoptions"
)
# Every value there is a secret.
_STRICT: Mapping[str, frozenset[str]] = {
    "aws_api_gateway_api_key": _set("value"),
    "aws_iam_access_key": _set("secret ses_smtp_password_v4"),
    "aws_secretsmanager_secret_version": _set("secret_string secret_binary secret_string_wo"),
    "random_password": _set("result"),
    "kubernetes_secret": _set("data binary_data string_data"),
    "kubernetes_secret_v1": _set("data binary_data data_wo binary_data_wo"),
    "AWS::ApiGateway::ApiKey": _set("Value"),
    "AWS::SecretsManager::Secret": _set("SecretString"),
}
PARAMETERS = _set("aws_ssm_parameter AWS::SSM::Parameter")
PROVIDER, DATA = "provider.", "data."
_OF_AWS = ("aws_", "AWS::")
AWS = f"{PROVIDER}aws"  # its keys have known forms: any other value is a placeholder
# Last words of names that stand beside a secret in one document.
_OPEN = _set(
    """
    username user login engine host hostname port dbname database db region endpoint url uri account name type id ids
    email schema driver protocol role identifier arn address server instance cluster catalog service ssl sslmode
    version class timeout bucket table queue topic
    dbinstanceidentifier dbclusteridentifier masterarn clientid
    """
)
# Members that name a secret kept elsewhere, and members that name a value in it.
_REFERENCES = _set("secretref secretname secretnameref secretkeyref existingsecret existingsecretname")
_KEYS = _set("secretkey passwordkey tokenkey usernamekey userkey existingsecretkey existingsecretpasswordkey")
# Maps of a name and its value.
_NAMES = _set("name key envname optionname parameterkey parametername headername attributename variablename")
_VALUES = _set("value parametervalue headervalue defaultvalue")
_HEADERS = _set("customheader origincustomheaders httpheader httpheaderconfig headerparameters")


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def is_content(name: str) -> bool:
    """Return whether what stands under a name is what programs run with."""
    return _plain(name) in _CONTENT


def has_chosen_names(name: str) -> bool:
    """Return whether people choose the names of what stands under a name."""
    return _plain(name) in _CHOSEN


def is_strict(kind: str, name: str) -> bool:
    """Return whether whatever stands under a name in a block is a secret."""
    return name in _STRICT.get(kind, ())


def takes_password(kind: str, name: str) -> bool:
    """Return whether an argument of a resource of AWS takes a password: a word that is written there is one."""
    words = words_of(name.removesuffix("_wo"))
    return kind.startswith(_OF_AWS) and (words[-1:] == ["password"] or words == ["auth", "token"])


@remembered
def is_open(name: str) -> bool:
    """Return whether a member of a document that is a secret is none itself."""
    words = words_of(name)
    return _plain(name) in _OPEN or bool(words and words[-1] in _OPEN)


def refers(name: str) -> bool:
    """Return whether a member names a secret that is kept elsewhere."""
    return _plain(name) in _REFERENCES


def names_a_key(name: str) -> bool:
    """Return whether a member, beside one that names a secret, names one of the values in it."""
    return _plain(name) in _KEYS


def names_it(name: str) -> bool:
    """Return whether a member gives the name of the value that stands beside it."""
    return _plain(name) in _NAMES


def is_header(name: str) -> bool:
    """Return whether the members under a name are headers sent to a server, which may authenticate by one."""
    return _plain(name) in _HEADERS


def gives_value(name: str) -> bool:
    """Return whether a member is the value of a name and value pair."""
    return _plain(name) in _VALUES
