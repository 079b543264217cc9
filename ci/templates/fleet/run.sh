#!/bin/sh
# What a container of the fleet runs: collect ACCOUNT PARTS, or audit PARTS EVIDENCE.
# The pseudonym key comes from a secret in PREUVE_PSEUDONYM_KEY; preuve wants it in a file that its owner alone can read.
# The audit needs two more. The key that signs the bundle is in PREUVE_SIGNING_KEY. The token in PREUVE_GIT_TOKEN may push to
# the branch evidence-log of the workspace's remote: the disk of the container ends, and the chain of runs must not.
set -eu
umask 077
key="$HOME/.config/preuve/pseudonyms.key"
mkdir -p "${key%/*}"
printf '%s\n' "$PREUVE_PSEUDONYM_KEY" > "$key"
unset PREUVE_PSEUDONYM_KEY
code=0
case "$1" in
  collect)
    preuve collect --account "$2" --output "$3" || code=$?
    # 11: something in the account could not be read. Its part says what, and the audit will: no reason to try again.
    [ "$code" -eq 11 ] && code=0
    ;;
  audit)
    printf '%s\n' "$PREUVE_SIGNING_KEY" > "$HOME/signing-key"
    printf 'username=preuve\npassword=%s\n' "$PREUVE_GIT_TOKEN" > "$HOME/git-token"
    unset PREUVE_GIT_TOKEN
    export PREUVE_SIGNING_KEY="$HOME/signing-key"
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper GIT_CONFIG_VALUE_0='!cat "$HOME/git-token" #'
    preuve audit --parts "$2" || code=$?
    # 10 and 11 close a bundle too: what fails, and what could not be read, must be kept all the same.
    for bundle in evidence/*/bagit.txt; do
      [ -f "$bundle" ] && preuve publish "$3" "${bundle%/bagit.txt}"
    done
    ;;
  *)
    echo "run.sh: $1 is neither collect nor audit" >&2
    code=2
    ;;
esac
exit "$code"
