"""Identity providers in trust policies: which conditions distinguish one of their identities from all others.

Shared providers, by the claim that AWS itself requires:
docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html The keys of each:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers import parties
from preuve.documents.callers.conditions import possible
from preuve.documents.callers.keys import Caller, Key
from preuve.documents.callers.parties import Asked, Kind
from preuve.documents.document import Statement, Text, Unknown
from preuve.documents.patterns import FIXED, clean, is_wild, text_is

_OIDC = re.compile(r"arn:[^:]*:iam::[^:]*:oidc-provider/(.+)", re.DOTALL)
_SAML = re.compile(r"arn:[^:]*:iam::[^:]*:saml-provider/.+", re.DOTALL)

# Claims besides `sub` that distinguish identities. `aud` does only if the provider issues it: a workload of a CI
# service or of a cluster chooses its own.
_GITHUB = "token.actions.githubusercontent.com"
_COGNITO = "cognito-identity.amazonaws.com"
_CLAIMS: Mapping[str, tuple[str, ...]] = {
    _COGNITO: ("aud",),
    # Not `oaud`: it is the token's `aud`, which whoever has a service account of Google chooses, and `aud` its `azp`.
    "accounts.google.com": ("aud", "email"),
    "graph.facebook.com": ("app_id", "id"),
    "www.amazon.com": ("app_id", "user_id"),
    "oidc.vercel.com": ("aud",),
    "api.pulumi.com/oidc": ("aud",),
    "sandboxes.cloud": ("aud",),
    _GITHUB: ("repository", "repository_id", "job_workflow_ref", "enterprise_id"),
}
# Issuers that many share, or whose workloads choose their own audience: CI services and clusters. A pod names that of
# its token itself: kubernetes.io/docs/tasks/configure-pod-container/configure-service-account (serviceAccountToken).
# A cluster that one runs oneself publishes its keys in a bucket: github.com/aws/amazon-eks-pod-identity-webhook.
_CHOOSE = re.compile(
    r".*/_services/token|token\.actions\.githubusercontent\.com/.*"
    r"|(?>.*?\b(gitlab|github|circleci|bitbucket|codefresh|scalr|spacelift|env0|upbound)\b).*"
    r"|app\.terraform\.io|agent\.buildkite\.com"
    r"|oidc\.eks\..*|.*\.oic\.prod-aks\.azure\.com/.*|container\.googleapis\.com/.*"
    r"|(.*\.)?openshiftapps\.com(/.*)?|(.*\.)?s3([.-][a-z0-9-]{1,63}+){0,126}\.amazonaws\.com(/.*)?",
    re.DOTALL,
)
# IdPs whose audience is a client, or an API, that the tenant registers: docs.aws.amazon.com/cognito (user pools),
# learn.microsoft.com/entra (access token claims), developer.okta.com, auth0.com/docs; and Vercel, of a team.
_GIVES_OUT = re.compile(
    r"cognito-idp\.[a-z0-9-]+\.amazonaws\.com/.+|login\.microsoftonline\.com/[0-9a-f-]{36}/.+|sts\.windows\.net/.+"
    r"|[a-z0-9-]+\.(okta|okta-emea|oktapreview)\.com(/.*)?|[a-z0-9-]+\.([a-z]{2}\.)?auth0\.com(/.*)?"
    r"|oidc\.vercel\.com/.+"
)
# Audiences of Microsoft itself, for which everybody of a tenant gets a token: learn.microsoft.com/entra (resources of
# managed identities, workload identity federation).
_OF_MICROSOFT = re.compile(
    r"https://([a-z0-9-]+\.)*(azure|microsoft|windows)\.(com|net)(/.*)?|api://AzureADTokenExchange", re.IGNORECASE
)
_FOR_ALL = "sts.amazonaws.com"  # the audience that workloads choose for AWS
_SAML_KEYS = ("saml:iss", "saml:sub", "saml:namequalifier")
# Where AWS takes assertions, in any region: …/UserGuide/id_roles_providers_create_saml.html
_SIGN_IN = re.compile(r"https://([^/]+\.)?signin\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml(/.*)?")

# Beginnings of subjects that name their owner, so that wildcards may follow. Anyone may register `acme-2`: the owner is
# complete.
_OWNED = re.compile(
    "|".join(
        (
            r"repo:[^*?/:]+/",  # GitHub, also on a private server
            r"(repository|job_workflow_ref):[^*?/:]+/",
            r"(repository_owner|repository_owner_id|repository_id|enterprise|project_id|namespace_id):[^*?:]+:",
            r"project_path:[^*?/:]+/",  # GitLab
            r"organization:[^*?:]+:",  # Terraform Cloud, Buildkite
            r"account:[^*?:]+:",  # Codefresh, Scalr
            r"owner:[^*?:]+:",  # Vercel
            r"org/[^*?/]+/",  # CircleCI
            r"pulumi:[a-z-]+:org:[^*?:]+:",
            r"system:serviceaccount:[^*?:]+:",  # EKS: the namespace
            r"\{[0-9a-fA-F-]{36}\}",  # Bitbucket: the repository
        )
    )
)
# Issuers whose subjects no other one has, by how these begin: a connection of Azure DevOps; a space of Spacelift, of
# the account whose issuer it is.
_OWNED_BY: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "sc:": (re.compile(r"vstoken\.dev\.azure\.com/.+", re.DOTALL), re.compile(r"sc://[^*?/]+/")),
    "space:": (re.compile(r"[a-z0-9-]+\.app\.([a-z]{2}\.)?spacelift\.io"), re.compile(r"space:[^*?:]+:")),
}
# CI services whose workloads choose their audience, and whose subjects are not known.
_UNTOLD = re.compile(r".*\b(spacelift|env0|upbound)\b.*", re.DOTALL)
# Pipelines: docs.github.com/en/actions/reference/security/oidc, docs.gitlab.com/ci/secrets/id_token_authentication,
# developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens,
# buildkite.com/docs/pipelines/security/oidc
_CI = frozenset({_GITHUB, "gitlab.com", "app.terraform.io", "agent.buildkite.com"})
# CI services whose names of repositories preuve does not judge.
_OTHER_CI = re.compile(
    r".*\b(gitlab|circleci|bitbucket|codefresh|scalr|spacelift|env0|upbound)\b.*|vstoken\.dev\.azure\.com/.*", re.DOTALL
)
# The issuer of one enterprise on GitHub, and that of a GitHub Enterprise Server.
_OWN_GITHUB = re.compile(rf"{re.escape(_GITHUB)}/.+|.*/_services/token")
_REPOSITORY = re.compile(
    r"repo:[^*?/:$]+/[^*?/:$]+:.|project_path:[^*?:$][^*?:$/]*+/[^*?:$]++:."
    # An organization has one workspace of a name, whatever its project:
    # developer.hashicorp.com/terraform/cloud-docs/workspaces/create
    r"|organization:[^*?:$]+:(project:[^:$]+:workspace|pipeline):[^*?:$]+:."
)
_NAME = re.compile(r"[^*?/]+/")  # of a repository or a workflow: its owner, then the rest
# A workflow that others call says whose it is itself, not who calls it, nor does a subject made of it alone:
# docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows (access), …/reference/security/oidc
_OF_WORKFLOW = "job_workflow_ref:"
_OF_CALLER = re.compile(r"(?:^|:)(repo|repository(_owner)?(_id)?|enterprise):[^*?:/]++([:/]|\Z)")
_CALLED = unknown("a condition names a workflow, which everybody may call if its repository is public")
# The owner of a GitHub repository chooses the claims that its subjects consist of: …/reference/security/oidc
_OF_ANYBODY = unknown("a subject of GitHub names no repository, owner or enterprise")


def opens(statement: Statement, provider: Text, asked: Asked) -> Answer:
    """Return whether any identity of this federated principal, or anybody as a guest, may meet the conditions."""
    if isinstance(provider, Unknown):
        return _opens_unknown(statement, provider.cause, asked)
    name = clean(provider)
    if is_wild(name):
        return possible(statement, Caller.FEDERATED, asked)
    if _SAML.fullmatch(name):
        more = {"saml:aud": Key(_recipient), **{key: Key(parties.exact) for key in _SAML_KEYS}}
        return possible(statement, Caller.FEDERATED, asked, more)
    match = _OIDC.fullmatch(name)
    issuer = (match[1] if match else name).lower()
    if not match and issuer not in _CLAIMS:
        return _opens_unknown(statement, f"the provider {name} is not known", asked)
    return any_of(possible(statement, Caller.FEDERATED, asked, more) for more in _identities(issuer))


def opens_beyond_repository(statement: Statement, provider: Text) -> Answer:
    """Return whether more than the pipelines of named repositories of a CI service meet the conditions.

    The subject, or the full repository of GitHub, and one full audience must be required. False for a provider that
    is not a CI service.
    """
    return any_of((opens_to_subjects(statement, provider), opens_to_audiences(statement, provider)))


def opens_to_subjects(statement: Statement, provider: Text) -> Answer:
    """Return whether the pipelines of more than named repositories of a CI service meet the conditions."""
    return _opens_by(statement, provider, _pipelines)


def opens_to_audiences(statement: Statement, provider: Text) -> Answer:
    """Return whether tokens of a CI service for more than one full audience meet the conditions."""
    return _opens_by(statement, provider, lambda issuer: {f"{issuer}:aud": Key(parties.exact)})


def _opens_by(statement: Statement, provider: Text, keys: Callable[[str], Mapping[str, Key]]) -> Answer:
    if isinstance(provider, Unknown):
        return is_ci(statement, provider)
    match = _OIDC.fullmatch(clean(provider))
    issuer = match[1].lower() if match else ""
    if not _is_of_ci(issuer):
        return NO
    return possible(statement, Caller.FEDERATED, None, keys(issuer))


def _pipelines(issuer: str) -> dict[str, Key]:
    """Return the claims that distinguish the pipelines of a repository from all others."""
    claims = ("repository", "repository_id") if issuer == _GITHUB or _OWN_GITHUB.fullmatch(issuer) else ()
    return {f"{issuer}:sub": Key(repository), **{f"{issuer}:{claim}": Key(parties.exact) for claim in claims}}


def is_ci(statement: Statement, provider: Text) -> Answer:
    """Return whether a federated principal is a CI service that many share, or that of an enterprise or server. The
    answer is unknown for a CI service whose repositories are not judged. An unknown principal is none if the statement
    accepts no OIDC token, such as one for SAML alone.
    """
    if isinstance(provider, Unknown):
        return all_of((parties.takes_tokens(statement), unknown(provider.cause)))
    match = _OIDC.fullmatch(clean(provider))
    issuer = match[1].lower() if match else ""
    if not _is_of_ci(issuer) and _OTHER_CI.fullmatch(issuer):
        return all_of((parties.takes_tokens(statement), unknown(f"the provider {issuer} is not known")))
    return known(_is_of_ci(issuer))


def _is_of_ci(issuer: str) -> bool:
    return issuer in _CI or _OWN_GITHUB.fullmatch(issuer) is not None


def repository(value: Text, _: Asked) -> Answer:
    """Return whether a stranger may match the subject of a pipeline: yes unless it names the repository completely."""
    text = value if isinstance(value, str) else value.known[0]
    if _REPOSITORY.match(clean(text)):
        return NO
    return YES if isinstance(value, str) else unknown(value.cause)


def _identities(issuer: str) -> list[dict[str, Key]]:
    """Return what identities of an issuer send: those that sign in, and the guests of an identity pool, who have its
    `aud`.
    """
    told = _subject_of_github if issuer == _GITHUB else subject
    claims: dict[str, Key] = {f"{issuer}:sub": Key(told if _is_told(issuer) else _perhaps_owned(issuer))}
    for claim in _CLAIMS.get(issuer, ()):
        claims[f"{issuer}:{claim}"] = Key(_NAMES.get(claim, parties.exact))
    if issuer not in _CLAIMS and not _CHOOSE.fullmatch(issuer):
        claims[f"{issuer}:aud"] = Key(_given_out if _GIVES_OUT.fullmatch(issuer) else _perhaps_given_out(issuer))
    if issuer != _COGNITO:
        return [claims]
    guests = {
        f"{issuer}:sub": claims[f"{issuer}:sub"],
        f"{issuer}:amr": Key(choices=("unauthenticated",), absent=False),
    }
    return [claims, guests]


def _opens_unknown(statement: Statement, cause: str, asked: Asked) -> Answer:
    """Judge an unknown provider: conditions that no request meets close it, whichever it is."""
    if possible(statement, Caller.FEDERATED, asked).value is False:
        return NO
    return unknown(cause)


def subject(value: Text, _: Asked) -> Answer:
    """Return whether a stranger may match the subject of a token: yes unless it is complete or names its owner
    completely.
    """
    text = clean(value if isinstance(value, str) else value.known[0])
    if text.startswith(_OF_WORKFLOW) and not _OF_CALLER.search(text):
        return _workflow(text.removeprefix(_OF_WORKFLOW), None)
    return _told(value, _OWNED)


def _subject_of_github(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match a subject of GitHub: it identifies the caller only if it contains a claim for
    that.
    """
    found = subject(value, asked)
    text = clean(value) if isinstance(value, str) else FIXED.join(map(clean, value.known))
    if found.value is not False or _OF_CALLER.search(text):
        return found
    return _OF_ANYBODY if isinstance(value, str) else unknown(value.cause)


def _is_told(issuer: str) -> bool:
    """Return whether preuve knows how an issuer names the owners of its identities."""
    if issuer in _CLAIMS or _GIVES_OUT.fullmatch(issuer):
        return True
    return _CHOOSE.fullmatch(issuer) is not None and not _UNTOLD.fullmatch(issuer)


def _perhaps_owned(issuer: str) -> Kind:
    """Return the judgement of a subject of an issuer with its own way of naming owners: a complete subject names one,
    and one that begins with a wildcard is open to anybody.
    """

    def judge(value: Text, asked: Asked) -> Answer:
        text = clean(value if isinstance(value, str) else value.known[0])
        for begins, (of, owned) in _OWNED_BY.items():
            if text.startswith(begins) and of.fullmatch(issuer):
                return _told(value, owned)
        full = parties.exact(value, asked)
        return _not_known(issuer) if full.value and not is_wild(text[:1]) else full

    return judge


def _not_known(issuer: str) -> Answer:
    """Return the open answer for an issuer; a name that nobody can have (RFC 2606) stands for any."""
    return unknown(
        "who the identity provider is" if issuer.endswith(".invalid") else f"the provider {issuer} is not known"
    )


def _given_out(value: Text, asked: Asked) -> Answer:
    """Return whether a stranger may match the id of a client: yes unless it is complete."""
    of_microsoft = isinstance(value, str) and _OF_MICROSOFT.fullmatch(clean(value)) is not None
    return any_of((parties.exact(value, asked), text_is(value, _FOR_ALL), known(of_microsoft)))


def _perhaps_given_out(issuer: str) -> Kind:
    """Return the judgement of an audience of an issuer that may be an IdP, a cluster or a CI service."""

    def judge(value: Text, asked: Asked) -> Answer:
        given_out = _given_out(value, asked)
        return _not_known(issuer) if given_out.value is False else given_out

    return judge


def _recipient(value: Text, asked: Asked) -> Answer:
    """Return whether an assertion for anybody may match: yes unless it is for AWS's sign-in, or one complete
    recipient.
    """
    if isinstance(value, str) and _SIGN_IN.fullmatch(clean(value)):
        return NO
    return parties.exact(value, asked)


def _owned_name(value: Text, _: Asked) -> Answer:
    return _told(value, _NAME)


def _workflow(value: Text, _: Asked) -> Answer:
    """Return whether a stranger may match the workflow of a job: yes if they may call it, and anybody may if its
    repository is public.
    """
    told = _told(value, _NAME)
    return _CALLED if told.value is False else told


_NAMES: Mapping[str, Kind] = {"repository": _owned_name, "job_workflow_ref": _workflow}


def _told(value: Text, beginning: re.Pattern[str]) -> Answer:
    if isinstance(value, str):
        text = parties.expanded(clean(value))
        return known(is_wild(text) and not beginning.match(text))
    pieces = [parties.expanded(clean(piece)) for piece in value.known]
    if beginning.match(pieces[0]):
        return NO
    if not value.plain:
        return unknown(value.cause)
    text = FIXED.join(pieces)
    return NO if not is_wild(text) or beginning.match(text) else YES
