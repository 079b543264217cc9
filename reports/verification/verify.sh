#!/bin/sh
# Verifies a bundle with standard tools: sha256sum or shasum, ssh-keygen, openssl.
# Vérifie un dossier avec des outils courants.
#   sh verify.sh [-C FOLDER] [HEAD [ALLOWED_SIGNERS [CA]]]
# FOLDER: the bundle to verify / le dossier à vérifier; without it, that of this script / sinon celui du script.
# HEAD: head of the chain that the audit printed at its end / empreinte de tête affichée à la fin de l'audit ("": none).
# ALLOWED_SIGNERS, CA: files that came by another path / fichiers obtenus par une autre voie.
# Exit code / code de retour : 0 witnessed / avec témoin; 11 not witnessed / sans témoin; 10 broken / non conforme
set -u
LC_ALL=C
export LC_ALL
folder=$(dirname "$0")/..
if [ "${1:-}" = -C ]; then
  folder=${2:-}
  if [ ! -d "$folder" ]; then
    echo "-C: $folder ?" >&2
    exit 2
  fi
  shift 2
fi
head=${1:-}
given_signers=${2:-}
given_ca=${3:-}
absolute() { case $1 in '' | /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
given_signers=$(absolute "$given_signers")
given_ca=$(absolute "$given_ca")
case $folder in -*) folder=./$folder ;; esac
CDPATH='' cd "$folder" || exit 2
echo "verified / dossier vérifié: $(pwd -P | tr -cd '[:print:]')"

if [ ! -e bagit.txt ] && [ ! -e manifest-sha256.txt ] && [ ! -e tagmanifest-sha256.txt ] && [ ! -e chain.jsonl ] &&
  [ ! -e verification ]; then
  echo "no evidence bundle / pas un dossier de preuves" >&2
  exit 2
fi

broken=0
open=0
root=tagmanifest-sha256.txt

holds() { echo "OK    $1"; }
breaks() { echo "FAIL  $1"; broken=1; }
unknown() { echo "?     $1"; open=1; }
last_says() { tail -n 1 chain.jsonl | grep -Fq "$1"; }
has() { command -v "$1" >/dev/null 2>&1; }

if has sha256sum; then
  digests() { sha256sum "$@"; }
elif has shasum; then
  digests() { shasum -a 256 "$@"; }
else
  echo "sha256sum / shasum ?" >&2
  exit 2
fi
digest() { digests | cut -c1-64; }

links=$(find . ! -type d ! -type f)
if [ -n "$links" ]; then  # a link, a pipe: nothing here is opened, for a pipe would be waited for
  echo "FAIL  added / ajouté: $(printf '%s ' "$links" | tr -cd '[:print:]')"
  exit 10
fi

# Lines that the tools below would pass over, read otherwise, or follow out of the bundle.
odd=$(
  cat manifest-sha256.txt "$root" 2>/dev/null | grep -Ev '^[0-9a-f]{64}  [^\:]+$'
  cat manifest-sha256.txt "$root" 2>/dev/null | cut -c67- | grep -E '(^|/)[.]{0,2}(/|$)'
  cat manifest-sha256.txt "$root" 2>/dev/null | cut -c67- | sort | uniq -d
  cut -c67- manifest-sha256.txt 2>/dev/null | grep -v '^data/'
  cut -c67- "$root" 2>/dev/null | grep '^data/'
)
if [ -n "$odd" ]; then
  breaks "lines: malformed, twice, or out of place / mal formées, en double ou pas à leur place"
fi
declared=$(printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8')
others=$(ls -A . | grep -E '^((tag)?manifest-.*[.]txt|fetch[.]txt)$' | grep -Evx '(tag)?manifest-sha256[.]txt')
if [ -n "$others" ] || { [ -f bagit.txt ] && [ "$(cat bagit.txt)" != "$declared" ]; }; then
  breaks "form: another than BagIt 1.0 with SHA-256 alone / autre que BagIt 1.0 avec SHA-256 seul"
fi

if digests -c manifest-sha256.txt "$root" >/dev/null 2>&1; then
  holds "manifests: no file changed or missing / aucun fichier modifié ni manquant"
else
  breaks "manifests: a file is changed or missing / un fichier est modifié ou manque"
  digests -c manifest-sha256.txt "$root" 2>&1 | grep -v ': OK$'
fi

names=$(mktemp) || exit 2
trap 'rm -f "$names"' EXIT
{ cut -c67- manifest-sha256.txt "$root"; printf '%s\n' "$root" "$root.sig" "$root.tsr"; } >"$names"
added=$(find . ! -type d | sed 's|^\./||' | grep -Fvx -f "$names")
if [ -z "$added" ]; then
  holds "no other file / aucun autre fichier"
else
  breaks "added / ajouté: $(printf '%s ' "$added" | tr -cd '[:print:]')"
fi

if [ -f chain.jsonl ]; then
  previous=
  number=0
  linked=1
  while IFS= read -r line; do
    number=$((number + 1))
    if [ -n "$(printf '%s\n' "$line" | grep -o '"[A-Za-z_]*":' | sort | uniq -d)" ]; then linked=0; fi  # a name twice
    case $line in *"\"number\":$number,"*"\"previous\":\"$previous\""*) ;; *) linked=0 ;; esac
    previous=$(printf '%s\n' "$line" | digest)
  done <chain.jsonl
  if [ "$linked" = 1 ]; then
    holds "chain of $number runs / chaîne de $number exécutions"
  else
    breaks "chain: a line is missing or changed / une ligne de la chaîne manque ou a changé"
  fi
  content=$(grep -v '  chain\.jsonl$' "$root" | digest)
  if tail -n 1 chain.jsonl | grep -Fq "\"bundle\":\"$content\""; then
    holds "the last run is this bundle / la dernière exécution est ce dossier"
  else
    breaks "the last run is not this bundle / la dernière exécution n'est pas ce dossier"
  fi
  results=data/08-machine/results.jsonl
  now=$(sed -n '1{s/.*"now":"\([^"]*\)".*/\1/p;q;}' "$results" 2>/dev/null)
  if [ -f "$results" ] && last_says "\"results\":\"$(digest <"$results")\"" && last_says "\"time\":\"$now\""; then
    holds "the last run has the results and the time of this bundle / résultats et heure de ce dossier"
  else
    breaks "the last run has other results or another time / la dernière exécution a d'autres résultats ou heure"
  fi
  demonstration=false
  if grep -qx 'Demonstration: true' bag-info.txt; then demonstration=true; fi
  if last_says "\"demonstration\":$demonstration,"; then
    holds "demonstration or not, as the last run says / démonstration ou non, comme le dit la dernière exécution"
  else
    breaks "the last run says otherwise of demonstration / la dernière exécution dit autre chose de la démonstration"
  fi
  if [ -z "$head" ]; then
    unknown "no head given: not witnessed / aucune empreinte de tête fournie : sans témoin"
  elif [ "$head" = "$previous" ]; then
    holds "head / empreinte de tête"
  else
    breaks "the head is not that of the last run / l'empreinte n'est pas celle de la dernière exécution"
  fi
else
  unknown "no chain of runs: not witnessed / pas de chaîne d'exécutions : sans témoin"
fi

if [ ! -f "$root.sig" ]; then
  # Whose run is last in the chain, or one before it, was signed: then this one is signed too.
  if grep -q '"signer":"SHA256:' chain.jsonl 2>/dev/null; then
    breaks "the signature was removed / la signature a été retirée"
  elif [ -n "$given_signers" ]; then
    breaks "signers given, not signed / signataires fournis, non signé"
  else
    echo "-     not signed, anyone could have rewritten it / non signé, n'importe qui a pu le réécrire"
  fi
elif has ssh-keygen; then
  signers=${given_signers:-verification/allowed_signers}
  signer=$(ssh-keygen -Y find-principals -s "$root.sig" -f "$signers" 2>/dev/null | head -n 1)
  if said=$(ssh-keygen -Y verify -n audit-evidence -f "$signers" -I "$signer" -s "$root.sig" <"$root" 2>&1); then
    holds "$said"
  else
    breaks "signature: $said"
  fi
else
  unknown "signature: ssh-keygen ?"
fi

ca=${given_ca:-verification/tsa-ca.pem}
if [ ! -f "$root.tsr" ]; then
  if [ -n "$given_ca" ]; then
    breaks "authority given, no timestamp / autorité fournie, pas d'horodatage"
  elif sed '$d' chain.jsonl 2>/dev/null | grep -q '"authority":"[^"]'; then
    breaks "the timestamp was removed or never added / l'horodatage a été retiré ou n'a pas été ajouté"
  elif tail -n 1 chain.jsonl 2>/dev/null | grep -q '"authority":"[^"]'; then
    unknown "a timestamp was asked, there is none / horodatage demandé, absent"
  else
    echo "-     no timestamp / pas d'horodatage"
  fi
elif has openssl && [ -f "$ca" ]; then
  if openssl ts -verify -data "$root" -in "$root.tsr" -CAfile "$ca" >/dev/null 2>&1; then
    holds "timestamp / horodatage: $(openssl ts -reply -in "$root.tsr" -text 2>/dev/null | sed -n 's/^Time stamp: //p')"
  else
    breaks "timestamp / horodatage"
  fi
else
  unknown "timestamp / horodatage: openssl, verification/tsa-ca.pem ?"
fi

if [ "$broken" = 1 ]; then exit 10; fi
if [ "$open" = 1 ]; then exit 11; fi
exit 0
