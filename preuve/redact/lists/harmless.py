"""What may stand beside a name for a secret and is none: words of people, values of AWS's own, references of code.

The words are content; options and programs stand here, because notations of commands are read by them.
"""

from __future__ import annotations

from preuve.library.yaml.word_lists import words_in

WORDS, OF_AWS, ABOUT, SIGNING_IN = (words_in("harmless", key) for key in ("words", "of_aws", "about", "signing_in"))
# Words that hold a word for a secret, and are none.
OTHERS = (
    r"(?i:secretar\w*|secretair\w*|tokeni[sz]\w*|secrets[_-]?manager"
    r"|(?:next|continuation|pagination|page|starting)[_-]?(?:page|continuation)?[_-]?tokens?)"  # of a list
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
