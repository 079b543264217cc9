"""What may stand beside a name for a secret and is none: words of people, values of AWS's own, references of code."""

from __future__ import annotations

# Words of settings and of sentences. A word that is not here goes: it may be a password.
WORDS: frozenset[str] = frozenset(
    """
    true false null nil none undefined yes no on off enabled disabled required optional mandatory auto automatic
    manual default empty unset set missing absent present unknown removed redacted hidden masked expired valid
    invalid active inactive never always rotated hashed encrypted plaintext generated managed weak strong long
    short new old same unique secret private public a an the this that these those one two three each every any
    all some at by for from in into it its is are was be not of only or and as if when where who which with
    without use used uses see must may can cannot should will has have there your their our they you we about
    after before then than too also here more less between under over up to least most minimum maximum length
    days months years hours minutes seconds string number boolean object type key keys password passwords token
    tokens user name value values environment parameter secrets rotation rotate ask stored store kept keep sent
    send shared share changed change read written reset access owner oui non vrai faux aucun aucune activé
    désactivé obligatoire facultatif requis requise manquant manquante absente présent présente inconnu inconnue
    expiré valide invalide actif inactif jamais toujours vide voir un une le la les l' du de des d' ce cet cette
    ces chaque tout toute tous toutes au aux à en et ou où par pour sans avec sur sous dans que qui dont il elle
    ils elles ne pas plus moins trop très bien est sont doit doivent peut peuvent sera selon deux trois longueur
    jours mois ans heures mot mots clé clés jeton jetons nouveau nouvelle ancien ancienne propre son sa ses leur
    leurs votre vos notre nos faible fort forte longue out often next still already made shown given said known
    held found wrong root enough complete full partial supporting write permissions management timestamp run
    consider what would could does did do make let nobody everybody somebody neither nor remis remise défaillant
    écrit écrite effacer considérez-le considérez si quand comme c'est n'est qu'une qu'un qu'elle qu'il d'un
    d'une l'un l'une one's it's isn't his her such because once until unless both either again yet just being
    been were this's même mêmes encore déjà peu aussi ainsi donc car mais lors lorsque depuis chez entre avant
    après afin ici là compromis perdu perdue connu connue détenu détenue lu lue mis mise pris prise changé lost
    leaked stolen seen taken left lies shorter longer older newer better worse safe unsafe bearer basic
    authentication expire expires lasts ends valable valables
    """.split()  # noqa: SIM905
)
# Values of members of AWS's interfaces whose names tell of a secret, as its models list them.
OF_AWS: frozenset[str] = frozenset(
    """
    ACCESS_TOKEN ADMIN AES_128_KEY AES_192_KEY AES_256_KEY API_KEY API_REQUEST_PARAMETER ARGON2ID AUTHORIZER
    AUTH_FAILED AUTOMATIC AWS_IAM_ID_TOKEN_JWT AtlassianOauth2 Auth0Oauth2 BASE64 BASIC BCRYPT Bearer
    CALLER_IAM_CREDENTIALS CODEBUILD CONNECTED CURRENT CUSTOMER_MANAGED_AWS_SECRET CognitoOauth2 CoinbaseCDP
    CustomOauth2 CyberArkOauth2 DELETE DISABLE DISABLED DISABLED_BY_COLLABORATOR DISABLED_BY_DEFAULT
    DISABLED_BY_OWNER DropboxOauth2 ENABLE ENABLED ENABLED_BY_OWNER ENABLED_ON_CREATE ERC1155 ERC20 ERC721
    EXTERNAL FAILED_REMOVAL_BY_COLLABORATOR FAILED_REMOVAL_BY_OWNER FacebookOauth2 FusionAuthOauth2
    GATEWAY_IAM_ROLE GROUP GithubOauth2 GoogleOauth2 HEADER HTTP_BASIC HubspotOauth2 IAM ID_TOKEN INSYNC
    JWT_PASSTHROUGH LinkedinOauth2 M2M MANAGED MYSQL_CACHING_SHA2_PASSWORD MYSQL_NATIVE_PASSWORD MicrosoftOauth2
    NONE NOT_VERIFIED N_A NotionOauth2 OAUTH OIDC_JWT OktaOauth2 OneLoginOauth2 PBKDF2_SHA256 PENDING
    PENDING_REMOVAL_BY_COLLABORATOR PENDING_REMOVAL_BY_OWNER PENDING_START_REMOVAL_BY_COLLABORATOR
    PENDING_START_REMOVAL_BY_OWNER PERSONAL PLAIN_CREDENTIALS POST POSTGRES_MD5 POSTGRES_SCRAM_SHA_256 PREVIOUS
    PROVISIONED PingOneOauth2 QUERY_PARAMETER RAW READ READWRITE REFRESH_TOKEN REQUEST_BODY_CREDENTIALS ROTATE
    ROTATING RedditOauth2 SAML2 SCRYPT SECRETS_MANAGER SERVICE_ROLE SET SETTING SHARED_CREDENTIAL_FILE
    SPACE_OPERATION SQL_SERVER_AUTHENTICATION SRT_PASSPHRASE STRING STRING_ARRAY SalesforceOauth2 SecretBinary
    SecretString SlackOauth2 SpotifyOauth2 StripePrivy TwitchOauth2 USDC WALLET_SECRET XOauth2 YandexOauth2
    ZoomOauth2 cloudfront days disabled enabled group hours minutes no-preference optional personal required
    seconds self-hosted v1Token v2Token Ec2InstanceMetadata EcsContainer Environment AWS_IAM COGNITO_USER_POOLS
    CUSTOM JWT MinimumPasswordLength RequireSymbols RequireNumbers RequireUppercaseCharacters
    RequireLowercaseCharacters AllowUsersToChangePassword ExpirePasswords MaxPasswordAge PasswordReusePrevention
    HardExpiry PasswordPolicy
    """.split()  # noqa: SIM905
)
# Words that hold a word for a secret, and are none.
OTHERS = (
    r"(?i:secretar\w*|secretair\w*|tokeni[sz]\w*|secrets[_-]?manager"
    r"|(?:next|continuation|pagination|page|starting)[_-]?(?:page|continuation)?[_-]?tokens?)"  # of a list
)
# At the end of a name these say that the value tells about a secret: it goes only if it looks like one all the same.
ABOUT: frozenset[str] = frozenset(
    """
    name names arn arns length ttl expiry expires expiration age days hours minutes seconds count min max
    validity time policy prevention reuse rotation required enabled type status version encryption endpoint url
    uri file path nom duree longueur politique used changed last source user method scanning protection history issue
    algorithm algorithme algo
    """.split()  # noqa: SIM905
)
# Names of options after one hyphen.
SHORT_OPTIONS = ("pass", "password", "passwd", "passphrase", "pwd", "secret", "token", "storepass", "keypass")
# Options of programs that take a password, alone or after a user and a colon.
PROGRAMS = {
    "-p": (
        *("sshpass", "mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mongo", "mongosh", "mongodump"),
        *("docker login", "podman login", "buildah login", "skopeo login", "helm login", "oc login", "az login"),
        *("7z", "7za", "7zr", "7zz", "rar", "unrar"),
    ),
    "-P": ("sqlcmd", "zip", "unzip"),
    "-a": ("redis-cli",),
    "-k": ("openssl",),
    "-K": ("openssl",),
    "-w": ("ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldappasswd"),
    "-u": ("curl",),
    "-U": ("curl", "smbclient", "rpcclient", "net rpc", "net ads"),
}
# Words in a sentence that say who signs in, with a user, a colon and a password after them.
SIGNING_IN: frozenset[str] = frozenset(
    """
    connexion connecter connecte connectez connection connect login logon log identifiant identifiants credential
    credentials cred creds compte account acces access authentification authentication auth authentifier authenticate
    ssh sftp ftp session ouvrir
    """.split()  # noqa: SIM905
)
