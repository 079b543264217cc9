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
head=$(printf '%s' "${1:-}" | tr -d '[:space:]' | tr A-F a-f)
if [ -n "${1:-}" ] && ! printf '%s\n' "$head" | grep -Eqx '[0-9a-f]{64}'; then
  echo "? head: 64 hexadecimal digits / empreinte de tête : 64 chiffres hexadécimaux" >&2
  exit 2
fi
given_signers=${2:-}
given_ca=${3:-}
absolute() { case $1 in '' | /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
given_signers=$(absolute "$given_signers")
given_ca=$(absolute "$given_ca")
for given in "$given_signers" "$given_ca"; do
  if [ -n "$given" ] && [ ! -f "$given" ]; then
    echo "$given ?" >&2
    exit 2
  fi
done
case $folder in -*) folder=./$folder ;; esac
CDPATH='' cd "$folder" || exit 2
echo "verified / dossier vérifié: $(pwd -P | tr -cd '[:print:]')"

if [ ! -e bagit.txt ] && [ ! -e manifest-sha256.txt ] && [ ! -e tagmanifest-sha256.txt ]; then
  for inside in */bagit.txt; do
    if [ -f "$inside" ]; then
      echo "this folder holds evidence bundles and is none itself / ce dossier contient des dossiers de preuves" >&2
      exit 2
    fi
  done
fi
if [ ! -e bagit.txt ] && [ ! -e manifest-sha256.txt ] && [ ! -e tagmanifest-sha256.txt ] && [ ! -e chain.jsonl ] &&
  [ ! -e verification ]; then
  echo "no evidence bundle / pas un dossier de preuves" >&2
  exit 2
fi

broken=0
open=0
sealed_by=unsigned  # or unknown, or known
signed=
before=
root=tagmanifest-sha256.txt
# The longest path and line of a manifest, and how many bytes a file may have that is read whole.
longest_path=1024
longest_line=1090
sizes='
bag-info.txt 1048576
chain.jsonl 67108864
data/08-machine/snapshot/meta.json 67108864
tagmanifest-sha256.txt.sig 1048576
tagmanifest-sha256.txt.tsr 1048576
verification/allowed_signers 1048576
'
# The JSON of each member that a run writes into its line of the chain.
members='
authority "(https?://[]!#-Z[^-~]+)?"
bundle "[0-9a-f]{64}"
commit "[0-9a-f]{0,64}"
counts [{]("[A-Z_]+":(0|[1-9][0-9]{0,14})(,"[A-Z_]+":(0|[1-9][0-9]{0,14}))*)?[}]
demonstration (false|true)
failing [{]("(critical|high|info|low|medium)":(0|[1-9][0-9]{0,14})(,"(critical|high|info|low|medium)":(0|[1-9][0-9]{0,14}))*)?[}]
incomplete (0|[1-9][0-9]{0,14})
kind "[a-z]+"
nonce "[0-9a-f]{0,64}"
number [1-9][0-9]{0,14}
of [1-9][0-9]{0,14}
period "[A-Za-z0-9._+-]{0,120}"
previous "([0-9a-f]{64})?"
pseudonym_key_id "[0-9a-f]{0,64}"
results "([0-9a-f]{64})?"
sealed "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
signer "(SHA256:[A-Za-z0-9+/]{43})?"
time "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
'

holds() { echo "OK    $1"; }
breaks() { echo "FAIL  $1"; broken=1; }
unknown() { echo "?     $1"; open=1; }
notes() { echo "-     $1"; }
# What it comes to, and the exit code.
finish() {
  case $broken$open$sealed_by in
  1*) said="something does not hold: do not rely on this bundle until that is explained / non conforme : ne pas s'y fier sans explication" code=10 ;;
  00*) said="intact and witnessed / intact, avec témoin" code=0 ;;
  01unsigned) said="intact, not witnessed, not signed: anyone could have rewritten it / intact, sans témoin ni signature" code=11 ;;
  01unknown) said="intact, not witnessed, the key was not checked / intact, sans témoin, la clé n'a pas été vérifiée" code=11 ;;
  *) said="intact, not witnessed / intact, sans témoin" code=11 ;;
  esac
  printf '\nverdict: %s\n' "$said"
  exit "$code"
}
last=
last_says() { printf '%s\n' "$last" | grep -Fq "$1"; }
# Text that every tool reads alike: printable ASCII in lines that are not empty and all end.
plain() {
  [ -s "$1" ] && [ "$(tr -d '\n -~' <"$1" | wc -c)" -eq 0 ] && [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ] && ! grep -q '^$' "$1"
}
# Seconds since 1970 of year, month, day, hour, minute and second, for openssl and to compare.
seconds() {
  [ $# -eq 6 ] || return 1
  late=$(((14 - ${2#0}) / 12))
  year=$(($1 + 4800 - late))
  days=$((${3#0} + (153 * (${2#0} + 12 * late - 3) + 2) / 5 + 365 * year + year / 4 - year / 100 + year / 400 - 2472633))
  echo $((days * 86400 + ${4#0} * 3600 + ${5#0} * 60 + ${6#0}))
}
# Year, month, day, hour, minute and second of the line "Time stamp:" that openssl prints.
stamped() {
  sed -n 's/^Time stamp: \([A-Z][a-z][a-z]\)  *\([0-9]*\) \(..\):\(..\):\(..\)\(\.[0-9]*\)\{0,1\} \([0-9]\{4\}\) GMT$/\7 \1 \2 \3 \4 \5/p' |
    sed 's/Jan/01/;s/Feb/02/;s/Mar/03/;s/Apr/04/;s/May/05/;s/Jun/06/;s/Jul/07/;s/Aug/08/;s/Sep/09/;s/Oct/10/;s/Nov/11/;s/Dec/12/' |
    sed 's/^\(.\{7\}\) \(.\) /\1 0\2 /'
}
# The same of the time at which the last run says that the bundle was closed.
closed() {
  printf '%s\n' "$last" |
    sed -n 's/.*"sealed":"\([0-9]\{4\}\)-\([0-9][0-9]\)-\([0-9][0-9]\)T\([0-9][0-9]\):\([0-9][0-9]\):\([0-9][0-9]\)Z".*/\1 \2 \3 \4 \5 \6/p'
}
has() { command -v "$1" >/dev/null 2>&1; }
# A signature with nothing before it and nothing after: no hash covers its file, and ssh-keygen stops at the end mark.
armored() {
  [ "$(wc -c <"$1")" -le 1048576 ] && plain "$1" && [ "$(grep -Evcx '[A-Za-z0-9+/=]{1,76}' "$1")" -eq 2 ] &&
    [ "$(sed -n 1p "$1")" = '-----BEGIN SSH SIGNATURE-----' ] && [ "$(tail -n 1 "$1")" = '-----END SSH SIGNATURE-----' ]
}
# The same of a timestamp: a sequence in DER that goes to the end.
whole() {
  size=$(wc -c <"$1")
  # shellcheck disable=SC2046
  set -- $(od -An -tu1 -N 5 "$1")
  [ "${1:-}" = 48 ] || return 1
  case ${2:-} in
  129) [ "$size" -eq $((3 + ${3:-0})) ] ;;
  130) [ "$size" -eq $((4 + ${3:-0} * 256 + ${4:-0})) ] ;;
  131) [ "$size" -eq $((5 + ${3:-0} * 65536 + ${4:-0} * 256 + ${5:-0})) ] ;;
  *) return 1 ;;
  esac
}

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
  breaks "added / ajouté: $(printf '%s ' "$links" | tr -cd '[:print:]')"
  finish
fi

# A name that a tool would read otherwise than another, or Windows not keep, and two that are one where case does not count.
device='(con|prn|aux|nul|com[0-9]|lpt[0-9])'  # and what comes after a point: Windows keeps these names for itself
names=$(
  find . -name '*[!A-Za-z0-9._+-]*'
  find . ! -name . \( -name '[!A-Za-z0-9_]*' -o -name '*.' \)
  find . | grep -Ei "/$device([.][^/]*)?\$"
  find . | tr A-Z a-z | sort | uniq -d
  find . | awk -v most="$longest_path" 'length($0) > most + 2'
)
if [ -n "$names" ]; then
  breaks "names / noms: $(printf '%s ' "$names" | tr -cd '[:print:]')"
  finish
fi

large=$(
  printf '%s\n' "$sizes" | while read -r name most; do
    if [ -f "$name" ] && [ "$(wc -c <"$name")" -gt "$most" ]; then printf '%s ' "$name"; fi
  done
)
if [ -n "$large" ]; then
  breaks "too large / trop volumineux: $large"
  finish
fi

# Lines that the tools below would pass over, read otherwise, or follow out of the bundle.
entry='^[0-9a-f]{64}  [A-Za-z0-9._+/-]+$'
odd=$(
  for manifest in manifest-sha256.txt "$root"; do plain "$manifest" || echo "$manifest"; done
  cat manifest-sha256.txt "$root" 2>/dev/null | grep -Ev "$entry"
  cat manifest-sha256.txt "$root" 2>/dev/null | awk -v most="$longest_line" 'length($0) > most'
  cat manifest-sha256.txt "$root" 2>/dev/null | cut -c67- | grep -E '(^|/)([^A-Za-z0-9_]|/|$)|[.](/|$)'
  cat manifest-sha256.txt "$root" 2>/dev/null | cut -c67- | grep -Ei "(^|/)$device([.][^/]*)?(/|\$)"
  cat manifest-sha256.txt "$root" 2>/dev/null | cut -c67- | tr A-Z a-z | sort | uniq -d
  cut -c67- manifest-sha256.txt 2>/dev/null | grep -v '^data/'
  cut -c67- "$root" 2>/dev/null |
    grep -Evx 'README[.]html|bag-info[.]txt|bagit[.]txt|chain[.]jsonl|manifest-sha256[.]txt|verification/.+'
)
if [ -n "$odd" ]; then
  breaks "lines: malformed, twice, or out of place / mal formées, en double ou pas à leur place"
fi
declares() { printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt; }
others=$(ls -A . | grep -E '^((tag)?manifest-.*[.]txt|fetch[.]txt)$' | grep -Evx '(tag)?manifest-sha256[.]txt')
if [ -n "$others" ] || [ ! -f bagit.txt ] || ! declares; then
  breaks "form: another than BagIt 1.0 with SHA-256 alone / autre que BagIt 1.0 avec SHA-256 seul"
fi

if digests -c manifest-sha256.txt "$root" >/dev/null 2>&1; then
  holds "manifests: no file changed or missing / aucun fichier modifié ni manquant"
else
  breaks "manifests: a file is changed or missing / un fichier est modifié ou manque"
  digests -c manifest-sha256.txt "$root" 2>&1 | grep -v ': OK$'
fi

empty=$(find . -type d | while IFS= read -r place; do [ -n "$(ls -A "$place")" ] || echo "$place"; done)
if [ -n "$empty" ]; then
  breaks "empty folders / répertoires vides: $(printf '%s ' "$empty" | tr -cd '[:print:]')"
fi

names=$(mktemp) || exit 2
trap 'rm -f "$names"' EXIT
{ cat manifest-sha256.txt "$root" | grep -E "$entry" | cut -c67-; printf '%s\n' "$root" "$root.sig" "$root.tsr"; } >"$names"
added=$(find . ! -type d | sed 's|^\./||' | grep -Fvx -f "$names")
if [ -z "$added" ]; then
  holds "no other file / aucun autre fichier"
else
  breaks "added / ajouté: $(printf '%s ' "$added" | tr -cd '[:print:]')"
fi

# What bag-info.txt says, each name in one form and once, and how much it says that data/ holds.
info=bag-info.txt
told() { sed -n "s/^$1: //p" "$info"; }
# One character of UTF-8 beyond ASCII.
wide=$(printf '[\302-\337]~|\340[\240-\277]~|[\341-\354\356\357]~~|\355[\200-\237]~|\360[\220-\277]~~|[\361-\363]~~~|\364[\200-\217]~~')
wide=$(printf '%s\n' "$wide" | sed "s/~/$(printf '[\200-\277]')/g")
formed() {
  [ -s "$info" ] && ! grep -Evq "^([ -~]|$wide)*\$" "$info" && [ "$(tail -c 1 "$info" | wc -l)" -eq 1 ] &&
    ! grep -Evq '^[A-Z][a-z]+(-[A-Z][a-z]+)*: ' "$info" && [ -z "$(cut -d: -f1 "$info" | sort | uniq -d)" ]
}
contradicted() { breaks "bag-info.txt says otherwise than the bundle / bag-info.txt contredit le dossier: $1"; }
if [ "$broken" = 0 ]; then
  if ! formed; then
    breaks "bag-info.txt: malformed, or a name twice / mal formé, ou un nom en double"
  elif [ "$(told Payload-Oxum)" != "$(($(find data -type f -exec cat {} + | wc -c))).$(($(find data -type f | wc -l)))" ]; then
    contradicted Payload-Oxum
  fi
fi

# What is wrong with a line of the chain: "form LINE" where a name does not come after the one before it, "undated RUN"
# where a time is none, "order RUN EARLIER" where a run was written before a time that was in the chain already. A scan
# does not say when it was written. Clocks of two machines may differ by ten minutes.
defects() {
  awk '
  function disordered(text,   before, name) {
    before = ""
    while (match(text, /"[A-Za-z_]+":/)) {
      name = substr(text, RSTART + 1, RLENGTH - 3)
      if (before >= name) return 1
      before = name
      text = substr(text, RSTART + RLENGTH)
    }
    return 0
  }
  function said(name,   at, rest) {
    at = index($0, "\"" name "\":\"")
    if (!at) return ""
    rest = substr($0, at + length(name) + 4)
    return substr(rest, 1, index(rest, "\"") - 1)
  }
  function moment(text,   y, m, d, most, late) {
    if (text !~ /^[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z$/) return -1
    y = substr(text, 1, 4) + 0; m = substr(text, 6, 2) + 0; d = substr(text, 9, 2) + 0
    most = m == 2 ? (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : 28) : (m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31)
    if (m < 1 || m > 12 || d < 1 || d > most) return -1
    if (substr(text, 12, 2) > 23 || substr(text, 15, 2) > 59 || substr(text, 18, 2) > 59) return -1
    late = int((14 - m) / 12); y += 4800 - late
    d += int((153 * (m + 12 * late - 3) + 2) / 5) + 365 * y + int(y / 4) - int(y / 100) + int(y / 400)
    return d * 86400 + substr(text, 12, 2) * 3600 + substr(text, 15, 2) * 60 + substr(text, 18, 2)
  }
  {
    outer = $0
    while (match(outer, /:[{]"[^{}]*[}]/)) {
      inner = substr(outer, RSTART, RLENGTH)
      outer = substr(outer, 1, RSTART) "0" substr(outer, RSTART + RLENGTH)
      if (disordered(inner)) print "form", NR
    }
    if (disordered(outer) || length($0) > 65536) print "form", NR
    for (i = 1; i <= 2; i++) {
      text = said(i == 1 ? "time" : "sealed")
      if (text == "") continue
      at = moment(text)
      if (at < 0) { print "undated", NR; continue }
      if ((i == 2 || said("sealed") == "") && said("kind") != "scan" && at < latest - 600) {
        if (earlier == NR) print "order", NR; else print "order", NR, earlier
      }
      if (at > latest) { latest = at; earlier = NR }
    }
  }' chain.jsonl
}
# How often each line of the input stands there, as a line of the chain says it.
counted() { sort | uniq -c | awk '{ printf "%s\"%s\":%d", (NR > 1 ? "," : ""), $2, $1 }'; }
# The members that are read here stand in the one form that an audit writes, so that their text is what they say.
written() {
  whole='(0|[1-9][0-9]{0,14})'
  first='^[{]("examined":'$whole',)?"incomplete":'$whole',"kind":"run","now":"[^"\\]*"[,}]'
  finding='"kind":"finding"(,.*)?,"severity":"(critical|high|info|low|medium)",("source":"[a-z]+",)?"status":"[A-Z_]+"(,"waiver":"([^"\\]|\\.)*")?[}]$'
  [ -f "$results" ] && plain "$results" && sed -n 1p "$results" | grep -Eq "$first" &&
    ! sed -n 1p "$results" | grep -Eq "$first.*\"(incomplete|kind|now)\":" &&
    ! sed 1d "$results" | grep -Ev "$finding" | grep -Evq '^[{].*"kind":"[a-z]+".*[}]$' &&
    ! sed 1d "$results" | grep -Ev "$finding" | grep -Fq '"kind":"finding"' &&
    { [ ! -f "$meta" ] || [ "$(grep -Ecx "$mark" "$meta")" -eq 1 ]; }
}
# The last severity and status of a line are those of the finding: what was observed comes before.
found() {
  sed -n 's/.*"kind":"finding".*"severity":"\([a-z]*\)",\("source":"[a-z]*",\)\{0,1\}"status":"\([A-Z_]*\)".*/\1 \3/p' "$results"
}
# Whether the last run says the same as the bundle.
agree() {
  results=data/08-machine/results.jsonl
  meta=data/08-machine/snapshot/meta.json
  mark=' "demonstration": (true|false),?'
  if ! written; then
    breaks "results.jsonl or meta.json: another form than an audit writes / autre forme que celle d'un audit"
    return
  fi
  now=$(sed -n '1{s/.*"now":"\([^"]*\)".*/\1/p;q;}' "$results")
  if last_says "\"results\":\"$(digest <"$results")\"" && last_says "\"time\":\"$now\""; then
    holds "the last run has the results and the time of this bundle / résultats et heure de ce dossier"
  else
    breaks "the last run has other results or another time / la dernière exécution a d'autres résultats ou heure"
    return
  fi
  identifier=$(told External-Identifier)
  period=$(told Period)
  said_otherwise=
  if ! last_says "\"period\":\"$period\""; then said_otherwise="$said_otherwise Period"; fi
  if ! last_says "\"commit\":\"$(told Commit)\""; then said_otherwise="$said_otherwise Commit"; fi
  if [ "$(told Bagging-Date)" != "$(printf '%s' "$now" | cut -c1-10)" ]; then said_otherwise="$said_otherwise Bagging-Date"; fi
  if [ -n "$(told Try-Out)" ]; then said_otherwise="$said_otherwise Try-Out"; fi
  number_of=${identifier#"$period".}
  if [ "$identifier" != "$period" ] &&
    { [ "$identifier" = "$number_of" ] || ! printf '%s\n' "$number_of" | grep -Eqx '[1-9][0-9]*'; }; then
    said_otherwise="$said_otherwise External-Identifier"
  fi
  if [ -n "$said_otherwise" ]; then contradicted "$said_otherwise"; fi
  incomplete=$(sed -n '1{s/.*"incomplete":\([0-9]*\).*/\1/p;q;}' "$results")
  counts=$(found | cut -d' ' -f2 | counted)
  failing=$(found | sed -n 's/ FAIL$//p' | counted)
  case $last in *'"failing":'*) ;; *) failing= ;; esac  # an earlier version does not tell it
  if last_says "\"incomplete\":$incomplete," && last_says "\"counts\":{$counts}" &&
    { [ -z "$failing" ] || last_says "\"failing\":{$failing}"; }; then
    holds "the last run counts as these results do / mêmes nombres que ces résultats"
  else
    breaks "the last run counts otherwise than these results / la dernière exécution compte autrement que ces résultats"
  fi
  demonstration=false
  if grep -qx 'Demonstration: true' bag-info.txt; then demonstration=true; fi
  shown=$demonstration
  if [ -f "$meta" ]; then shown=$(grep -Ex "$mark" "$meta" | tr -cd a-z | sed 's/^demonstration//'); fi
  if last_says "\"demonstration\":$demonstration," && [ "$shown" = "$demonstration" ]; then
    holds "demonstration or not, as the last run says / démonstration ou non, comme le dit la dernière exécution"
  else
    breaks "the last run says otherwise of demonstration / la dernière exécution dit autre chose de la démonstration"
  fi
  wrong=$(printf '%s\n' "$defects" | grep '^order' | cut -d' ' -f2- | tr '\n ' ',<')
  undated=$(printf '%s\n' "$defects" | grep '^undated' | cut -d' ' -f2- | tr '\n' ',')
  if [ -n "$wrong$undated" ]; then
    breaks "times of the chain: a run is written before an earlier one, or is of no time / heures de la chaîne : $wrong$undated"
  else
    holds "times of the chain: each run is written after those before / heures de la chaîne dans l'ordre"
  fi
}

if [ -e chain.jsonl ]; then
  previous=
  number=0
  linked=1
  seen=
  escape='\\(["\\bfnrt]|u(00(0[0-7be]|0f|1[0-9a-f]|7f|[89a-f][0-9a-f])|0[1-9a-f][0-9a-f]{2}|[1-9a-f][0-9a-f]{3}))'
  integer='(0|-?[1-9][0-9]{0,14})'
  scalar="(\"([^\"\\\\]|$escape)*\"|$integer|true|false)"
  # Only these two have members of their own, under names that no member of a line has.
  inner=$(printf '%s\n' "$members" | grep -E '^(counts|failing) ' | sed 's/^\([a-z]*\) \(.*\)/"\1":\2/' | paste -sd '|' -)
  member="(\"[a-z_]+\":$scalar|$inner)"
  if ! plain chain.jsonl || grep -Eqvx "[{]$member(,$member)*[}]" chain.jsonl; then linked=0; fi
  # Where "name": stands, that member begins: in a text the signs of it are escaped.
  unlike=$(
    printf '%s\n' "$members" | while read -r name form; do
      [ -z "$name" ] || grep -F "\"$name\":" chain.jsonl | grep -Ev "\"$name\":$form[,}]"
    done
  )
  if [ -n "$unlike" ]; then linked=0; fi
  defects=$(defects)
  if printf '%s\n' "$defects" | grep -q '^form'; then linked=0; fi
  while IFS= read -r line; do
    number=$((number + 1))
    case $line in *"\"number\":$number,"*"\"previous\":\"$previous\""*) ;; *) linked=0 ;; esac
    previous=$(printf '%s\n' "$line" | digest)
    if [ "$previous" = "$head" ]; then seen=$number; fi
    last=$line
    before=${signed:-$before}
    signed=$(printf '%s\n' "$line" | sed -n 's/.*"signer":"\(SHA256:[^"]*\)".*/\1/p')
    case $line in *'"kind":"interrupted"'*) notes "run $number explains one that was stopped / explique une exécution interrompue" ;; esac
  done <chain.jsonl
  if [ "$linked" = 1 ]; then
    holds "chain of $number runs / chaîne de $number exécutions"
  else
    breaks "chain: a line is missing or changed / une ligne de la chaîne manque ou a changé"
  fi
  content=$(grep -v '  chain\.jsonl$' "$root" | digest)
  if [ "$linked" = 0 ]; then  # what its lines say is not believed
    last=
    signed=
  elif last_says "\"bundle\":\"$content\"" && last_says '"kind":"audit"'; then
    holds "the last run is this bundle / la dernière exécution est ce dossier"
    if [ "$broken" = 0 ]; then agree; fi
    if last_says '"demonstration":true,'; then notes "DEMONSTRATION / DÉMONSTRATION"; fi
  else
    breaks "the last run is not this bundle / la dernière exécution n'est pas ce dossier"
  fi
  if [ "$linked" = 0 ]; then
    if [ -n "$head" ]; then
      breaks "no chain of runs to compare the head with / pas de chaîne d'exécutions à comparer à l'empreinte de tête"
    fi
  elif [ -z "$head" ]; then
    unknown "no head given: not witnessed / aucune empreinte de tête fournie : sans témoin"
  elif [ "$head" = "$previous" ]; then
    holds "head / empreinte de tête"
  elif [ -n "$seen" ]; then
    unknown "the head is of an earlier run: the last is not witnessed / empreinte d'une exécution antérieure : dernière sans témoin"
  else
    breaks "the head is not that of the last run / l'empreinte n'est pas celle de la dernière exécution"
  fi
elif [ -n "$head" ]; then
  breaks "no chain of runs to compare the head with / pas de chaîne d'exécutions à comparer à l'empreinte de tête"
else
  unknown "no chain of runs: not witnessed / pas de chaîne d'exécutions : sans témoin"
fi

# The hash that the authority was given, and what it vouches for; its certificate counts now or, with -attime, as of then:
# a bundle is older than certificates when it is looked at.
strong() { printf '%s\n' "$reply" | grep -Eqx 'Hash Algorithm: sha(256|384|512)'; }
vouched() { openssl ts -verify -data "$root" -in "$root.tsr" -CAfile "$ca" "$@" >/dev/null 2>&1; }
seen_at=
ca=${given_ca:-verification/tsa-ca.pem}
if [ ! -f "$root.tsr" ]; then
  if sed '$d' chain.jsonl 2>/dev/null | grep -q '"authority":"[^"]'; then
    breaks "the timestamp was removed or never added / l'horodatage a été retiré ou n'a pas été ajouté"
  elif [ -n "$given_ca" ]; then
    breaks "authority given, no timestamp / autorité fournie, pas d'horodatage"
  elif printf '%s\n' "$last" | grep -q '"authority":"[^"]'; then
    unknown "a timestamp was asked, there is none / horodatage demandé, absent"
  else
    notes "no timestamp / pas d'horodatage"
  fi
elif has openssl && [ -f "$ca" ]; then
  reply=$(openssl ts -reply -in "$root.tsr" -text 2>/dev/null)
  when=$(printf '%s\n' "$reply" | stamped)
  # shellcheck disable=SC2086
  at=$(seconds $when)
  # shellcheck disable=SC2046
  asked=$(seconds $(closed))
  if [ -n "$at" ] && strong && whole "$root.tsr" && { vouched || vouched -attime "$at"; }; then
    if [ -z "$asked" ] || [ "$at" -ge $((asked - 300)) ]; then seen_at=${given_ca:+$(echo "$when" | tr -d ' ')}; fi
    if [ -z "$asked" ]; then
      unknown "timestamp, and nothing says when the bundle was closed / horodatage, et rien ne dit quand le dossier a été clos"
    elif [ "$at" -lt $((asked - 300)) ]; then
      breaks "timestamp of before the bundle was closed / horodatage antérieur à la clôture du dossier"
    elif [ "$at" -gt $((asked + 3600)) ]; then
      unknown "timestamp of long after the bundle was closed / horodatage bien postérieur à la clôture du dossier"
    else
      holds "timestamp / horodatage"
    fi
    if [ -z "$given_ca" ]; then
      notes "authority: its certificate came from the bundle, get it from the authority / autorité : certificat issu du dossier"
    fi
  else
    breaks "timestamp / horodatage"
  fi
else
  unknown "timestamp / horodatage: openssl, verification/tsa-ca.pem ?"
fi

# What ssh-keygen says of a good signature of one of those who have this key; $1: an option, or nothing.
good_signature() {
  ssh-keygen -Y find-principals ${1:+"$1"} -s "$root.sig" -f "$signers" 2>/dev/null | head -n 100 | while IFS= read -r name; do
    if good=$(ssh-keygen -Y verify ${1:+"$1"} -n audit-evidence -f "$signers" -I "$name" -s "$root.sig" <"$root" 2>/dev/null); then
      printf '%s\n' "$good"
      break
    fi
  done
}

if [ ! -f "$root.sig" ]; then
  # Whose run is last in the chain, or one before it, was signed: then this one is signed too.
  if grep -Eq '"signer":"SHA256:[A-Za-z0-9+/]{43}"' chain.jsonl 2>/dev/null; then
    breaks "the signature was removed / la signature a été retirée"
  elif [ -n "$given_signers" ]; then
    breaks "signers given, not signed / signataires fournis, non signé"
  else
    notes "not signed, anyone could have rewritten it / non signé, n'importe qui a pu le réécrire"
  fi
elif has ssh-keygen; then
  sealed_by=${given_signers:+known}
  sealed_by=${sealed_by:-unknown}
  signers=${given_signers:-verification/allowed_signers}
  said=$(good_signature)
  ended=
  for ended_by in "$seen_at" "$(closed | tr -d ' ')"; do  # a key that is not allowed any more, and was then
    if [ -z "$said" ] && [ -n "$ended_by" ]; then
      ended=$ended_by
      said=$(good_signature "-Overify-time=${ended}Z")
    fi
  done
  if ! armored "$root.sig"; then
    breaks "signature: more than a signature / autre chose qu'une signature"
  elif [ -n "$said" ]; then
    key=$(printf '%s\n' "$said" | sed -n 's/.* key \(SHA256:[^ ]*\).*/\1/p')
    if [ -n "$signed" ] && [ "$key" != "$signed" ]; then
      breaks "signed with another key than the last run says / signé avec une autre clé que celle de la dernière exécution"
    else
      holds "$said"
      if [ -z "$given_signers" ] && [ -n "$before" ] && [ "$key" != "$before" ]; then
        notes "another key than that of the run before: $before / autre clé que celle de l'exécution précédente"
      fi
      if [ -z "$given_signers" ]; then
        notes "signers: their list came from the bundle, ask the organisation for its own / signataires : liste issue du dossier"
      fi
    fi
    if [ -n "$ended" ] && [ "$ended" = "$seen_at" ]; then
      notes "the key is not allowed any more, and was when it was timestamped / clé qui n'est plus admise, et l'était à l'horodatage"
    elif [ -n "$ended" ]; then
      unknown "the key is not allowed any more, no timestamp says that it was / clé qui n'est plus admise, aucun horodatage ne dit qu'elle l'était"
    fi
  else
    breaks "signature: not of an allowed signer over this root / pas celle d'un signataire admis sur cette racine"
  fi
else
  unknown "signature: ssh-keygen ?"
fi

finish
