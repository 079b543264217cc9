"""Tokens recognised by their form, each with a lower-case part that every text with the token contains.

The forms are those that vendors document, and those that detect-secrets and gitleaks search for.
"""

from __future__ import annotations

_MIXED = r"(?=[\w-]{0,60}[0-9])(?=[\w-]{0,60}[A-Z])(?=[\w-]{0,60}[a-z])"  # as no word of people is
TOKENS: tuple[tuple[str, str], ...] = (
    ("aiza", r"AIza[\w-]{35}"),  # Google
    ("sg.", r"SG\.[\w=-]{20,24}\.[\w=-]{39,50}|SG\.[\w=.-]{66}"),  # SendGrid
    *((f"-us{digit}", r"[0-9a-z]{32}-us[0-9]{1,2}(?![0-9])") for digit in range(10)),  # Mailchimp
    ("npm_", rf"npm_(?:[A-Za-z0-9]{{36,}}|{_MIXED}[\w-]{{36,}})"),
    ("pypi-", r"pypi-[\w-]{50,}"),
    ("sq0", r"sq0(?:csp|atp|idp)-[\w-]{22,}"),  # Square
    ("eaaa", r"EAAA[\w-]{56,60}(?![\w+/=-])"),  # Square
    ("shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),  # Shopify
    ("_v1_", r"do[oprt]_v1_[0-9a-f]{64}"),  # DigitalOcean
    ("hv", r"hv[sbr]\.[\w-]{20,}"),  # Vault
    ("s.", r"s\.(?=[A-Za-z]{0,23}[0-9])[A-Za-z0-9]{24}(?![\w.(])"),  # Vault, older
    ("atlasv1", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}"),  # Terraform Cloud
    ("sk-", r"sk-(?:proj|svcacct|admin|ant-[a-z0-9]+)-[\w-]{20,}"),  # OpenAI, Anthropic
    ("sk-", r"sk-[A-Za-z0-9]{48}"),  # OpenAI
    ("hf_", r"hf_[A-Za-z]{34}"),  # Hugging Face
    ("api_org_", r"api_org_[A-Za-z]{34}"),  # Hugging Face
    ("dapi", r"dapi[0-9a-f]{32}"),  # Databricks
    ("dckr_", r"dckr_(?:pat|oat)_[\w-]{20,}"),  # Docker
    ("glsa_", r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}"),  # Grafana
    ("glc_", r"glc_[A-Za-z0-9+/=]{32,}"),  # Grafana
    ("nrak-", r"NRAK-[A-Z0-9]{27}"),  # New Relic
    ("lin_api_", r"lin_api_[A-Za-z0-9]{40}"),  # Linear
    ("dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,}"),  # Doppler
    ("pul-", r"pul-[0-9a-f]{40}"),  # Pulumi
    ("atatt3", r"ATATT3[\w=-]{100,}"),  # Atlassian
    ("whsec_", r"whsec_[A-Za-z0-9+/=]{32,}"),  # webhooks of Stripe
    ("akc", r"AKC[A-Za-z0-9]{30,}"),  # Artifactory
    ("cmvmd", r"cmVmd[A-Za-z0-9]{59}"),  # Artifactory
    (":aa", r"(?:bot)?[0-9]{8,10}:AA[\w-]{33}(?![\w-])"),  # Telegram, also as its addresses have it
    ("age-secret-key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    ("ops_eyj", r"ops_eyJ[A-Za-z0-9+/]{100,}"),  # 1Password
    ("a3-", r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}"),  # 1Password
    ("p8e-", r"p8e-[A-Za-z0-9]{32}"),  # Adobe
    ("pat", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),  # Airtable
    ("ltai", r"LTAI[A-Za-z0-9]{20}(?![A-Za-z0-9])"),  # Alibaba
    ("iqojb3jpz2lux2vj", r"IQoJb3JpZ2luX2Vj[A-Za-z0-9+/=]{80,}"),  # a session of AWS
    ("fwogzxivyxdz", r"FwoGZXIvYXdz[A-Za-z0-9+/=]{80,}"),  # a session of AWS
    ("absk", r"ABSK[A-Za-z0-9+/]{100,}"),  # Amazon Bedrock
    ("bedrock-api-key-", r"bedrock-api-key-[A-Za-z0-9+/=]{20,}"),  # Amazon Bedrock
    ("q~", r"[\w~.]{3}[0-9]Q~[\w~.-]{31,34}"),  # Azure
    ("4b1d", r"4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])"),  # ClickHouse
    ("clojars_", r"CLOJARS_[A-Za-z0-9]{60}"),
    ("v1.0-", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),  # Cloudflare
    ("duffel_", r"duffel_(?:test|live)_[\w=-]{43}"),
    ("dt0", r"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}"),  # Dynatrace
    ("ez", r"EZ[AT]K[A-Za-z0-9]{54}"),  # EasyPost
    ("eaa", r"EAA[MC][A-Za-z0-9]{100,}"),  # Facebook
    ("|", r"[0-9][0-9]{14,15}\|[\w-]{27,40}"),  # Facebook
    ("flwseck", r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}"),  # Flutterwave
    ("fo1_", r"fo1_[\w-]{43}"),  # Fly.io
    ("fm", r"fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,}"),  # Fly.io
    ("fio-u-", r"fio-u-[\w=-]{64}"),  # Frame.io
    *((f"{kind}at.", rf"{kind}at\.[\w-]{{22}}\.[A-Za-z0-9]{{24}}\.[A-Za-z0-9]{{20}}") for kind in "ps"),  # Harness
    ("hrku-", r"HRKU-[\w-]{36,}"),  # Heroku
    ("ico-", r"ico-[A-Za-z0-9]{32}(?![A-Za-z0-9]|\.\w)"),  # Infracost; an icon has an ending
    ("_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),  # MaxMind
    ("ntn_", r"ntn_[0-9]{11}[A-Za-z0-9]{35}"),  # Notion
    ("api-", r"API-[A-Z0-9]{26}(?![A-Za-z0-9-])"),  # Octopus Deploy
    ("sha256~", r"sha256~[\w-]{43}"),  # OpenShift
    ("pplx-", r"pplx-[A-Za-z0-9]{48}"),  # Perplexity
    ("pscale_", r"pscale_(?:tkn|oauth|pw)_[\w=.-]{32,}"),  # PlanetScale
    ("pmak-", r"PMAK-[0-9a-fA-F]{24}-[0-9a-fA-F]{34}"),  # Postman
    ("pnu_", r"pnu_[A-Za-z0-9]{36}"),  # Prefect
    ("rdme_", r"rdme_[a-z0-9]{70}"),  # ReadMe
    ("rubygems_", r"rubygems_[0-9a-f]{48}"),
    ("tk-us-", r"tk-us-[\w-]{48}"),  # Scalingo
    ("xkeysib-", r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),  # Brevo
    ("sntry", r"sntry(?:s_eyJ[A-Za-z0-9+/=_]{60,}|u_[0-9a-f]{64})"),  # Sentry
    ("sm_", r"sm_[aps]at_[A-Za-z0-9]{16}(?![A-Za-z0-9])"),  # SettleMint
    ("shippo_", r"shippo_(?:live|test)_[0-9a-fA-F]{40}"),
    ("sgp_", r"sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}"),  # Sourcegraph
    ("gr1348941", r"GR1348941[\w-]{20}"),  # runners of GitLab
    ("base64:", r"base64:(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==)(?![A-Za-z0-9+/=])"),  # the key of Laravel
    ("gsk_", r"gsk_[A-Za-z0-9]{40,}"),  # Groq
    ("api:key-", r"api:key-[0-9a-z]{32}(?![0-9A-Za-z])"),  # Mailgun, with its user
    ("nvapi-", rf"nvapi-{_MIXED}[\w-]{{40,}}"),  # NVIDIA
    ("phs_", r"phs_[A-Za-z0-9]{40,}"),  # PostHog
    ("phx_", r"phx_[A-Za-z0-9]{40,}"),  # PostHog
    ("r8_", r"r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])"),  # Replicate
    ("sb_secret_", rf"sb_secret_{_MIXED}[\w-]{{20,}}"),  # Supabase
    ("sbp_", r"sbp_(?:[a-z0-9]{1,8}_)?[0-9a-f]{40}(?![0-9A-Za-z])"),  # Supabase
    ("tskey-", r"tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{6,}-[A-Za-z0-9]{16,}"),  # Tailscale
    ("tvly-", rf"tvly-{_MIXED}[\w-]{{32,}}"),  # Tavily
    ("xai-", r"xai-[A-Za-z0-9]{40,}"),  # xAI
    ("_gitlab_session=", r"_gitlab_session=[0-9a-z]{32}"),
)
