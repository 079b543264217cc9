# Verifies a bundle on Windows with what Windows has: Get-FileHash, and ssh-keygen where OpenSSH is installed.
# Vérifie un dossier sous Windows avec ses propres outils.
#   powershell -ExecutionPolicy Bypass -File verify.ps1 [-C FOLDER] [-Head 5d0c...] [-AllowedSigners FILE] [-Ca FILE]
# FOLDER: the bundle to verify / le dossier à vérifier; without it, that of this script / sinon celui du script.
# Exit code / code de retour : 0 witnessed / avec témoin; 11 not witnessed / sans témoin; 10 broken / non conforme
param([string]$Head = "", [string]$AllowedSigners = "", [string]$Ca = "", [string]$C = "")
$ErrorActionPreference = "Stop"
$Head = $Head.Trim().ToLowerInvariant()
if ($Head -and $Head -cnotmatch '^[0-9a-f]{64}\z') {
    Write-Output "? head: 64 hexadecimal digits / empreinte de tête : 64 chiffres hexadécimaux"
    exit 2
}
foreach ($given in @($AllowedSigners, $Ca)) {
    if ($given -and -not (Test-Path -LiteralPath $given -PathType Leaf)) { Write-Output "$given ?"; exit 2 }
}
if ($AllowedSigners) { $AllowedSigners = (Resolve-Path -LiteralPath $AllowedSigners).ProviderPath }
if ($Ca) { $Ca = (Resolve-Path -LiteralPath $Ca).ProviderPath }
$folder = if ($C) { $C } else { Join-Path $PSScriptRoot ".." }
if (-not (Test-Path -LiteralPath $folder -PathType Container)) { Write-Output "-C: $folder ?"; exit 2 }
Set-Location -LiteralPath $folder
$base = (Get-Location).ProviderPath.TrimEnd("\")
Write-Output "verified / dossier vérifié: $base"
$root = "tagmanifest-sha256.txt"
$own = @("bagit.txt", "manifest-sha256.txt", $root) | Where-Object { Test-Path -LiteralPath (Join-Path $base $_) }
$inside = Get-ChildItem -LiteralPath $base -Directory | Where-Object { Test-Path -LiteralPath (Join-Path $_.FullName "bagit.txt") }
if (-not $own -and $inside) {
    Write-Output "this folder holds evidence bundles and is none itself / ce dossier contient des dossiers de preuves"
    exit 2
}
$parts = @("bagit.txt", "manifest-sha256.txt", $root, "chain.jsonl", "verification")
if (-not ($parts | Where-Object { Test-Path -LiteralPath (Join-Path $base $_) })) {
    Write-Output "no evidence bundle / pas un dossier de preuves"
    exit 2
}
# The longest path and line of a manifest, and how many bytes a file may have that is read whole.
$longestPath = 1024
$longestLine = 1090
$sizes = @'
bag-info.txt 1048576
chain.jsonl 67108864
data/08-machine/snapshot/meta.json 67108864
tagmanifest-sha256.txt.sig 1048576
tagmanifest-sha256.txt.tsr 1048576
verification/allowed_signers 1048576
'@
# The JSON of each member that a run writes into its line of the chain.
$members = @'
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
'@
$script:broken = $false
$script:open = $false
$script:sealedBy = "unsigned"  # or unknown, or known

function Show-Holds([string]$text) { Write-Output "OK    $text" }
function Show-Broken([string]$text) { Write-Output "FAIL  $text"; $script:broken = $true }
function Show-Open([string]$text) { Write-Output "?     $text"; $script:open = $true }
function Show-Note([string]$text) { Write-Output "-     $text" }
# What it comes to, and the exit code.
function Exit-Verdict {
    $said = "intact, not witnessed / intact, sans témoin"
    $code = 11
    if ($script:broken) {
        $said = "something does not hold: do not rely on this bundle until that is explained / non conforme : ne pas s'y fier sans explication"
        $code = 10
    }
    elseif (-not $script:open) { $said = "intact and witnessed / intact, avec témoin"; $code = 0 }
    elseif ($script:sealedBy -eq "unsigned") {
        $said = "intact, not witnessed, not signed: anyone could have rewritten it / intact, sans témoin ni signature"
    }
    elseif ($script:sealedBy -eq "unknown") {
        $said = "intact, not witnessed, the key was not checked / intact, sans témoin, la clé n'a pas été vérifiée"
    }
    Write-Output "" "verdict: $said"
    exit $code
}
function Get-Digest([byte[]]$bytes) {
    $sha = [System.Security.Cryptography.SHA256]::Create()
    return ([System.BitConverter]::ToString($sha.ComputeHash($bytes)) -replace "-", "").ToLowerInvariant()
}
# The bytes of a file, each as one character: nothing is left out of it, no mark of an encoding either.
function Read-Bytes([string]$path) {
    return [System.Text.Encoding]::GetEncoding(28591).GetString([System.IO.File]::ReadAllBytes($path))
}
function Read-Lines([string]$name) {
    $text = [System.IO.File]::ReadAllText((Join-Path $base $name), [System.Text.Encoding]::UTF8)
    return @($text -split "`n" | Where-Object { $_ -ne "" })
}
# Text that every tool reads alike: printable ASCII in lines that are not empty and all end.
function Test-Plain([string]$name) {
    $path = Join-Path $base $name
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { return $false }
    return (Read-Bytes $path) -cmatch '\A([ -~]+\n)+\z'
}
# The lines of a text, each a name and what comes after the first space.
function Read-Pairs([string]$text) {
    foreach ($line in @($text -split "`r?`n" | Where-Object { $_ -ne "" })) { , @($line -split " ", 2) }
}
# A signature with nothing before it and nothing after: no hash covers its file, and ssh-keygen stops at the end mark.
function Test-Armored([string]$path) {
    $marks = '\A-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END SSH SIGNATURE-----\n\z'
    return (Read-Bytes $path) -cmatch $marks
}
# The same of a timestamp: a sequence in DER that goes to the end.
function Test-Whole([string]$path) {
    $bytes = [System.IO.File]::ReadAllBytes($path)
    if ($bytes.Length -lt 5 -or $bytes[0] -ne 48) { return $false }
    $count = $bytes[1] - 128
    if ($count -lt 1 -or $count -gt 3) { return $false }
    $length = 0
    for ($i = 0; $i -lt $count; $i++) { $length = $length * 256 + $bytes[2 + $i] }
    return 2 + $count + $length -eq $bytes.Length
}
# Whether names stand in the order of the alphabet, each once; $text: a line of the chain, or what stands in braces in it.
function Test-Ordered([string]$text) {
    $before = ""
    foreach ($name in [regex]::Matches($text, '"([A-Za-z_]+)":')) {
        if ([string]::CompareOrdinal($before, $name.Groups[1].Value) -ge 0) { return $false }
        $before = $name.Groups[1].Value
    }
    return $true
}
function Test-Form([string]$text) {
    $inner = ':\{"[^{}]*\}'
    # Where "name": stands, that member begins: in a text the signs of it are escaped.
    foreach ($known in (Read-Pairs $members)) {
        $name, $form = $known
        if ($text.Contains("`"$name`":") -and $text -cnotmatch "`"$name`":$form[,}]") { return $false }
    }
    foreach ($part in [regex]::Matches($text, $inner)) { if (-not (Test-Ordered $part.Value)) { return $false } }
    return $text.Length -le 65536 -and (Test-Ordered ([regex]::Replace($text, $inner, ":0")))
}
# How often each word stands there, as a line of the chain says it.
function Get-Counts([string[]]$words) {
    $names = New-Object "System.Collections.Generic.List[string]"
    foreach ($word in $words) { if (-not $names.Contains($word)) { $names.Add($word) } }
    $names.Sort([System.StringComparer]::Ordinal)
    return @($names | ForEach-Object { $one = $_; "`"$one`":$(@($words | Where-Object { $_ -ceq $one }).Count)" }) -join ","
}
# The severity and the status of a finding, or nothing; $end: how one ends. Its kind is looked for in what comes before: with
# both in one pattern, each kind that a hostile line has would read the rest of it again.
function Get-Finding([string]$text, [string]$end) {
    if (-not ($text -cmatch $end)) { return $null }
    $before = $text.Substring(0, $text.Length - $Matches[0].Length + 1)
    if (-not $before.Contains('"kind":"finding",')) { return $null }
    return @{ severity = $Matches["severity"]; status = $Matches["status"] }
}
# Runs whose times are none, or that were written before a time that was in the chain already. A scan does not say when it
# was written. Clocks of two machines may differ by ten minutes.
function Get-Disorder([string[]]$lines) {
    $latest = [datetime]::MinValue
    $run = 0
    foreach ($text in $lines) {
        $run++
        $written = $text -cnotmatch '"kind":"scan"'
        $sealed = $text -cmatch '"sealed":"[^"]'
        foreach ($name in @("time", "sealed")) {
            if ($text -cnotmatch "`"$name`":`"([^`"]+)`"") { continue }
            $at = Get-Moment $Matches[1] "yyyy-MM-ddTHH:mm:ssZ"
            if (-not $at -or $at.Year -lt 1000 -or $at.Year -gt 2999) { $run; continue }
            if ($written -and ($name -eq "sealed" -or -not $sealed) -and $at -lt $latest) { $run }
            if ($at.AddMinutes(-10) -gt $latest) { $latest = $at.AddMinutes(-10) }
        }
    }
}

# A time, or nothing: as Windows has it, for openssl in seconds since 1970, for ssh-keygen in digits.
function Get-Moment([string]$text, [string]$form) {
    $found = [datetime]::MinValue
    $english = [System.Globalization.CultureInfo]::InvariantCulture
    $style = [System.Globalization.DateTimeStyles]"AssumeUniversal, AdjustToUniversal"
    if ([datetime]::TryParseExact($text, $form, $english, $style, [ref]$found)) { return $found }
    return $null
}
# What ssh-keygen says of a good signature of one of those who have this key, or nothing; $option: of ssh-keygen, or "".
function Get-Signature([string]$allowed, [string]$option) {
    foreach ($line in @(Get-Content -LiteralPath $allowed)) {
        foreach ($name in $line.Split(" ")[0].Split(",")) {
            if ($name -cnotmatch '^[A-Za-z0-9.@_][A-Za-z0-9.@_-]*\z') { continue }
            # Through cmd, because a pipe of PowerShell would change the bytes that were signed.
            $said = cmd /c "ssh-keygen -Y verify $option -n audit-evidence -f `"$allowed`" -I $name -s $root.sig < $root 2> nul"
            if ($LASTEXITCODE -eq 0) { return "$said" }
        }
    }
    return ""
}

$links = @(Get-ChildItem -LiteralPath $base -Recurse -Force | Where-Object {
    ($_.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -and $_.LinkType  # a file kept in a cloud has no such type
} | ForEach-Object { $_.FullName })
if ($links.Count -gt 0) {  # what a link leads to is not in the bundle
    Show-Broken "added / ajouté: $($links -join ', ')"
    Exit-Verdict
}

# A name that a tool would read otherwise than another, or Windows not keep, and two that are one where case does not count.
function Test-Name([string]$name) {
    return $name -cmatch '^[A-Za-z0-9_]([A-Za-z0-9._+-]*[A-Za-z0-9_+-])?\z' -and
        $name -notmatch '^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z'
}
$paths = @(Get-ChildItem -LiteralPath $base -Recurse -Force | ForEach-Object { $_.FullName.Substring($base.Length + 1) })
$names = @($paths | Where-Object { -not (Test-Name (Split-Path -Leaf $_)) })
$names += @($paths | Where-Object { $_.Length -gt $longestPath })
$names += @($paths | Group-Object { $_.ToLowerInvariant() } | Where-Object { $_.Count -gt 1 } | ForEach-Object { $_.Name })
if ($names.Count -gt 0) {
    Show-Broken "names / noms: $($names -join ', ')"
    Exit-Verdict
}
$large = @()
foreach ($known in (Read-Pairs $sizes)) {
    $path = Join-Path $base $known[0]
    if ((Test-Path -LiteralPath $path -PathType Leaf) -and (Get-Item -LiteralPath $path -Force).Length -gt [long]$known[1]) {
        $large += $known[0]
    }
}
if ($large.Count -gt 0) {
    Show-Broken "too large / trop volumineux: $($large -join ', ')"
    Exit-Verdict
}

# Names are compared with their case, though Windows keeps no two that differ in case alone.
$listed = New-Object "System.Collections.Generic.Dictionary[string,string]"
$known = @{}  # in whichever case
$odd = $false
foreach ($manifest in @("manifest-sha256.txt", $root)) {
    if (-not (Test-Path -LiteralPath (Join-Path $base $manifest) -PathType Leaf)) { $odd = $true; continue }
    if (-not (Test-Plain $manifest)) { $odd = $true }
    foreach ($line in (Read-Lines $manifest)) {
        if ($line.Length -gt $longestLine) { $odd = $true }
        if ($line -cnotmatch '^[0-9a-f]{64}  [A-Za-z0-9._+/-]+\z') { $odd = $true; continue }
        $name = $line.Substring(66)
        $place = if ($manifest -eq "manifest-sha256.txt") { '^data/' }
        else { '^(README\.html|bag-info\.txt|bagit\.txt|chain\.jsonl|manifest-sha256\.txt|verification/.+)\z' }
        if (@($name.Split("/") | Where-Object { -not (Test-Name $_) }).Count -gt 0 -or $known.ContainsKey($name) -or $name -cnotmatch $place) {
            $odd = $true; continue
        }
        $listed[$name] = $line.Substring(0, 64)
        $known[$name] = $true
    }
}
if ($odd -or $listed.Count -eq 0) {
    Show-Broken "lines: malformed, twice, or out of place / mal formées, en double ou pas à leur place"
}
$declared = "BagIt-Version: 1.0`nTag-File-Character-Encoding: UTF-8`n"
$bagit = Join-Path $base "bagit.txt"
$others = @(Get-ChildItem -LiteralPath $base -File -Force | Where-Object {
    $_.Name -match '^((tag)?manifest-.*\.txt|fetch\.txt)$' -and $_.Name -notmatch '^(tag)?manifest-sha256\.txt$'
})
if ($others.Count -gt 0 -or -not (Test-Path -LiteralPath $bagit -PathType Leaf) -or (Read-Bytes $bagit) -cne $declared) {
    Show-Broken "form: another than BagIt 1.0 with SHA-256 alone / autre que BagIt 1.0 avec SHA-256 seul"
}
$changed = @()
foreach ($name in $listed.Keys) {
    $path = Join-Path $base $name
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { $changed += $name; continue }
    $hash = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash.ToLowerInvariant()
    if ($hash -ne $listed[$name]) { $changed += $name }
}
if ($changed.Count -eq 0) { Show-Holds "manifests: no file changed or missing / aucun fichier modifié ni manquant" }
else { Show-Broken "changed or missing / modifié ou manquant: $($changed -join ', ')" }

$outside = @($root, "$root.sig", "$root.tsr")
$added = @(Get-ChildItem -LiteralPath $base -Recurse -File -Force | ForEach-Object {
    $_.FullName.Substring($base.Length + 1).Replace("\", "/")
} | Where-Object { -not $listed.ContainsKey($_) -and $outside -cnotcontains $_ })
if ($added.Count -eq 0) { Show-Holds "no other file / aucun autre fichier" }
else { Show-Broken "added / ajouté: $($added -join ', ')" }

$empty = @(Get-ChildItem -LiteralPath $base -Recurse -Directory -Force | Where-Object {
    -not (Get-ChildItem -LiteralPath $_.FullName -Force | Select-Object -First 1)
} | ForEach-Object { $_.FullName })
if ($empty.Count -gt 0) { Show-Broken "empty folders / répertoires vides: $($empty -join ', ')" }

# What bag-info.txt says, each name in one form and once, and how much it says that data/ holds.
$told = @{}
function Show-Otherwise([string]$names) {
    Show-Broken "bag-info.txt says otherwise than the bundle / bag-info.txt contredit le dossier: $names"
}
if (-not $script:broken) {
    $path = Join-Path $base "bag-info.txt"
    $formed = Test-Path -LiteralPath $path -PathType Leaf
    if ($formed) {
        try { [void](New-Object System.Text.UTF8Encoding($false, $true)).GetString([System.IO.File]::ReadAllBytes($path)) }
        catch { $formed = $false }
    }
    if ($formed) { $formed = (Read-Bytes $path) -cmatch '\A([A-Z][a-z]+(-[A-Z][a-z]+)*: [\x20-\x7e\x80-\xff]*\n)+\z' }
    if ($formed) {
        foreach ($text in (Read-Lines "bag-info.txt")) {
            $name, $value = $text -split ": ", 2
            if ($told.ContainsKey($name)) { $formed = $false }
            $told[$name] = $value
        }
    }
    $size = Get-ChildItem -LiteralPath (Join-Path $base "data") -Recurse -File -Force | Measure-Object -Property Length -Sum
    if (-not $formed) { Show-Broken "bag-info.txt: malformed, or a name twice / mal formé, ou un nom en double" }
    elseif ("$($told["Payload-Oxum"])" -cne "$([long]$size.Sum).$($size.Count)") { Show-Otherwise "Payload-Oxum" }
}

$utf8 = New-Object System.Text.UTF8Encoding($false)
$signer = ""
$signed = ""
$before = ""
$authority = ""
$stamped = ""
$line = ""
if (Test-Path -LiteralPath (Join-Path $base "chain.jsonl")) {
    $previous = ""
    $number = 0
    $seen = 0
    $escape = '\\(["\\bfnrt]|u(00(0[0-7be]|0f|1[0-9a-f]|7f|[89a-f][0-9a-f])|0[1-9a-f][0-9a-f]{2}|[1-9a-f][0-9a-f]{3}))'
    $integer = '(0|-?[1-9][0-9]{0,14})'
    $scalar = "(`"([^`"\\]|$escape)*`"|$integer|true|false)"
    # Only these two have members of their own, under names that no member of a line has.
    $inner = @(Read-Pairs $members | Where-Object { @("counts", "failing") -ccontains $_[0] } | ForEach-Object { "`"$($_[0])`":$($_[1])" })
    $member = "(`"[a-z_]+`":$scalar|$($inner -join '|'))"
    $linked = Test-Plain "chain.jsonl"
    $chain = @(Read-Lines "chain.jsonl")
    foreach ($line in $chain) {
        $number++
        if ($line -cnotmatch "\A\{$member(,$member)*\}\z" -or -not (Test-Form $line)) { $linked = $false }
        # As text, which has one form: ConvertFrom-Json takes a name twice, and makes dates of texts in some versions.
        if (-not $line.Contains("`"number`":$number,") -or -not $line.Contains("`"previous`":`"$previous`"")) { $linked = $false }
        if ($signed) { $before = $signed }
        $signed = if ($line -cmatch '"signer":"(SHA256:[A-Za-z0-9+/]{43})"') { $Matches[1] } else { "" }
        if ($signed) { $signer = $signed }  # of this run or of one before it
        if ($authority) { $stamped = $authority }
        if ($line -cmatch '"authority":"([^"]+)"') { $authority = $Matches[1] }
        $previous = Get-Digest ($utf8.GetBytes("$line`n"))
        if ($previous -ceq $Head) { $seen = $number }
        if ($line.Contains('"kind":"interrupted"')) {
            Show-Note "run $number explains one that was stopped / explique une exécution interrompue"
        }
    }
    if ($linked) { Show-Holds "chain of $number runs / chaîne de $number exécutions" }
    else { Show-Broken "chain: a line is missing or changed / une ligne de la chaîne manque ou a changé" }
    $rest = @(Read-Lines $root | Where-Object { -not $_.EndsWith("  chain.jsonl") })
    $content = Get-Digest ($utf8.GetBytes(($rest -join "`n") + "`n"))
    $own = $linked -and $line.Contains("`"bundle`":`"$content`"") -and $line.Contains('"kind":"audit"')
    if ($own) { Show-Holds "the last run is this bundle / la dernière exécution est ce dossier" }
    elseif ($linked) { Show-Broken "the last run is not this bundle / la dernière exécution n'est pas ce dossier" }
    if (-not $linked) { $line = ""; $signed = ""; $authority = "" }  # what its lines say is not believed
    if ($own -and -not $script:broken) {
        $results = Join-Path $base "data/08-machine/results.jsonl"
        $meta = Join-Path $base "data/08-machine/snapshot/meta.json"
        $mark = '(?m)^ "demonstration": (true|false),?$'
        # The members that are read here stand in the one form that an audit writes, so that their text is what they say.
        $whole = '(0|[1-9][0-9]{0,14})'
        $first = "\A\{(`"examined`":$whole,)?`"incomplete`":(?<incomplete>$whole),`"kind`":`"run`",`"now`":`"(?<now>[^`"\\]*)`"[,}]"
        $end = ",`"severity`":`"(?<severity>critical|high|info|low|medium)`",(`"source`":`"[a-z]+`",)?" +
            "`"status`":`"(?<status>[A-Z_]+)`"(,`"waiver`":`"([^`"\\]|\\.)*`")?\}\z"
        $written = Test-Plain "data/08-machine/results.jsonl"
        $said = @(if ($written) { Read-Lines "data/08-machine/results.jsonl" })
        if ($written -and $said[0] -cmatch $first) {
            $now = $Matches["now"]
            $incomplete = $Matches["incomplete"]
            if ($said[0].Substring($Matches[0].Length) -cmatch '"(incomplete|kind|now)":') { $written = $false }
        }
        else { $written = $false }
        foreach ($text in ($said | Select-Object -Skip 1)) {
            if (Get-Finding $text $end) { continue }
            $other = $text -cmatch '\A\{' -and $text -cmatch '\}\z' -and $text -cmatch '"kind":"[a-z]+"'
            if ($text.Contains('"kind":"finding"') -or -not $other) { $written = $false }
        }
        if (Test-Path -LiteralPath $meta -PathType Leaf) {
            if ([regex]::Matches((Read-Bytes $meta), $mark).Count -ne 1) { $written = $false }
        }
        $same = $false
        if (-not $written) {
            Show-Broken "results.jsonl or meta.json: another form than an audit writes / autre forme que celle d'un audit"
        }
        else {
            $hash = (Get-FileHash -LiteralPath $results -Algorithm SHA256).Hash.ToLowerInvariant()
            $same = $line.Contains("`"results`":`"$hash`"") -and $line.Contains("`"time`":`"$now`"")
        }
        if ($same) {
            Show-Holds "the last run has the results and the time of this bundle / résultats et heure de ce dossier"
            $wrong = @()
            if (-not $line.Contains("`"period`":`"$($told["Period"])`"")) { $wrong += "Period" }
            if (-not $line.Contains("`"commit`":`"$($told["Commit"])`"")) { $wrong += "Commit" }
            if ("$($told["Bagging-Date"])" -cne ($now -creplace '^(.{10}).*', '$1')) { $wrong += "Bagging-Date" }
            if ($told["Try-Out"]) { $wrong += "Try-Out" }
            if ($told["External-Identifier"] -cnotmatch "^$([regex]::Escape("$($told["Period"])"))(\.[1-9][0-9]*)?\z") {
                $wrong += "External-Identifier"
            }
            if ($wrong.Count -gt 0) { Show-Otherwise ($wrong -join ", ") }
            $statuses = New-Object "System.Collections.Generic.List[string]"
            $severities = New-Object "System.Collections.Generic.List[string]"
            foreach ($text in $said) {
                $found = Get-Finding $text $end
                if (-not $found) { continue }
                $statuses.Add($found["status"])
                if ($found["status"] -ceq "FAIL") { $severities.Add($found["severity"]) }
            }
            $failing = -not $line.Contains('"failing":') -or $line.Contains("`"failing`":{$(Get-Counts $severities)}")
            if ($failing -and $line.Contains("`"incomplete`":$incomplete,") -and
                $line.Contains("`"counts`":{$(Get-Counts $statuses)}")) {
                Show-Holds "the last run counts as these results do / mêmes nombres que ces résultats"
            }
            else { Show-Broken "the last run counts otherwise than these results / la dernière exécution compte autrement que ces résultats" }
            $marked = @(Read-Lines "bag-info.txt") -ccontains "Demonstration: true"
            $shown = $marked
            if (Test-Path -LiteralPath $meta -PathType Leaf) {
                $shown = [regex]::Match((Read-Bytes $meta), $mark).Groups[1].Value -ceq "true"
            }
            if ($marked -eq $shown -and $line.Contains("`"demonstration`":$("$marked".ToLowerInvariant()),")) {
                Show-Holds "demonstration or not, as the last run says / démonstration ou non, comme le dit la dernière exécution"
            }
            else { Show-Broken "the last run says otherwise of demonstration / la dernière exécution dit autre chose de la démonstration" }
            $wrong = @(Get-Disorder $chain)
            if ($wrong.Count -eq 0) {
                Show-Holds "times of the chain: each run is written after those before / heures de la chaîne dans l'ordre"
            }
            else {
                Show-Broken "times of the chain: a run is written before an earlier one, or is of no time / heures de la chaîne : $($wrong -join ', ')"
            }
        }
        elseif ($written) { Show-Broken "the last run has other results or another time / la dernière exécution a d'autres résultats ou heure" }
    }
    if ($own -and $line.Contains('"demonstration":true,')) { Show-Note "DEMONSTRATION / DÉMONSTRATION" }
    if (-not $linked) {
        if ($Head) {
            Show-Broken "no chain of runs to compare the head with / pas de chaîne d'exécutions à comparer à l'empreinte de tête"
        }
    }
    elseif ($Head -eq "") { Show-Open "no head given: not witnessed / aucune empreinte de tête fournie : sans témoin" }
    elseif ($Head -ceq $previous) { Show-Holds "head / empreinte de tête" }
    elseif ($seen) {
        Show-Open "the head is of an earlier run: the last is not witnessed / empreinte d'une exécution antérieure : dernière sans témoin"
    }
    else { Show-Broken "the head is not that of the last run / l'empreinte n'est pas celle de la dernière exécution" }
}
elseif ($Head) {
    Show-Broken "no chain of runs to compare the head with / pas de chaîne d'exécutions à comparer à l'empreinte de tête"
}
else { Show-Open "no chain of runs: not witnessed / pas de chaîne d'exécutions : sans témoin" }

# As text: ConvertFrom-Json makes a date of it in some versions.
$closed = if ($line -cmatch '"sealed":"([^"]*)"') { Get-Moment $Matches[1] "yyyy-MM-ddTHH:mm:ssZ" } else { $null }
$seen = $null
$certificate = if ($Ca) { $Ca } else { "verification/tsa-ca.pem" }
if (-not (Test-Path -LiteralPath (Join-Path $base "$root.tsr"))) {
    if ($stamped) { Show-Broken "the timestamp was removed or never added / l'horodatage a été retiré ou n'a pas été ajouté" }
    elseif ($Ca) { Show-Broken "authority given, no timestamp / autorité fournie, pas d'horodatage" }
    elseif ($authority) { Show-Open "a timestamp was asked, there is none / horodatage demandé, absent" }
    else { Show-Note "no timestamp / pas d'horodatage" }
}
elseif ((Get-Command openssl -ErrorAction SilentlyContinue) -and (Test-Path -LiteralPath $certificate -PathType Leaf)) {
    $reply = @(cmd /c "openssl ts -reply -in $root.tsr -text 2> nul")
    $strong = @($reply -cmatch '^Hash Algorithm: sha(256|384|512)$').Count -gt 0
    $when = $null
    foreach ($said in $reply) {
        if ($said -cmatch '^Time stamp: ([A-Z][a-z]{2}) +(\d+) (\d\d:\d\d:\d\d)(\.\d+)? (\d{4}) GMT$') {
            $when = Get-Moment "$($Matches[1]) $($Matches[2]) $($Matches[3]) $($Matches[5])" "MMM d HH:mm:ss yyyy"
        }
    }
    $good = $false
    if ($when -and $strong -and (Test-Whole (Join-Path $base "$root.tsr"))) {
        # The certificate of the authority counts now, or as of then: a bundle is older than it when it is looked at.
        $seconds = [long]($when - (New-Object DateTime 1970, 1, 1)).TotalSeconds
        foreach ($as in @("", "-attime $seconds")) {
            cmd /c "openssl ts -verify -data $root -in $root.tsr -CAfile `"$certificate`" $as > nul 2>&1"
            if ($LASTEXITCODE -eq 0) { $good = $true; break }
        }
    }
    if (-not $good) { Show-Broken "timestamp / horodatage" }
    else {
        if ($Ca -and -not ($closed -and $when -lt $closed.AddMinutes(-5))) { $seen = $when }
        if (-not $closed) {
            Show-Open "timestamp, and nothing says when the bundle was closed / horodatage, et rien ne dit quand le dossier a été clos"
        }
        elseif ($when -lt $closed.AddMinutes(-5)) {
            Show-Broken "timestamp of before the bundle was closed / horodatage antérieur à la clôture du dossier"
        }
        elseif ($when -gt $closed.AddHours(1)) {
            Show-Open "timestamp of long after the bundle was closed / horodatage bien postérieur à la clôture du dossier"
        }
        else { Show-Holds "timestamp / horodatage" }
        if (-not $Ca) {
            Show-Note "authority: its certificate came from the bundle, get it from the authority / autorité : certificat issu du dossier"
        }
    }
}
else { Show-Open "timestamp / horodatage: openssl, verification/tsa-ca.pem ?" }

if (-not (Test-Path -LiteralPath (Join-Path $base "$root.sig"))) {
    if ($signer) { Show-Broken "the signature was removed / la signature a été retirée" }
    elseif ($AllowedSigners) { Show-Broken "signers given, not signed / signataires fournis, non signé" }
    else { Show-Note "not signed, anyone could have rewritten it / non signé, n'importe qui a pu le réécrire" }
}
elseif (Get-Command ssh-keygen -ErrorAction SilentlyContinue) {
    $script:sealedBy = if ($AllowedSigners) { "known" } else { "unknown" }
    $allowed = if ($AllowedSigners) { $AllowedSigners } else { Join-Path $base "verification/allowed_signers" }
    $said = Get-Signature $allowed ""
    $ended = $null
    foreach ($at in @($seen, $closed)) {  # a key that is not allowed any more, and was then
        if ($said -or -not $at) { continue }
        $ended = $at
        $said = Get-Signature $allowed "-Overify-time=$($at.ToString("yyyyMMddHHmmss"))Z"
    }
    $key = if ("$said" -cmatch ' key (SHA256:[^ ]+)') { $Matches[1] } else { "" }
    if (-not (Test-Armored (Join-Path $base "$root.sig"))) {
        Show-Broken "signature: more than a signature / autre chose qu'une signature"
    }
    elseif (-not $said) {
        Show-Broken "signature: not of an allowed signer over this root / pas celle d'un signataire admis sur cette racine"
    }
    elseif ($signed -and $key -cne $signed) {
        Show-Broken "signed with another key than the last run says / signé avec une autre clé que celle de la dernière exécution"
    }
    else {
        Show-Holds "$said"
        if (-not $AllowedSigners -and $before -and $key -cne $before) {
            Show-Note "another key than that of the run before: $before / autre clé que celle de l'exécution précédente"
        }
        if (-not $AllowedSigners) {
            Show-Note "signers: their list came from the bundle, ask the organisation for its own / signataires : liste issue du dossier"
        }
    }
    if ($said -and $ended -and $ended -eq $seen) {
        Show-Note "the key is not allowed any more, and was when it was timestamped / clé qui n'est plus admise, et l'était à l'horodatage"
    }
    elseif ($said -and $ended) {
        Show-Open "the key is not allowed any more, no timestamp says that it was / clé qui n'est plus admise, aucun horodatage ne dit qu'elle l'était"
    }
}
else { Show-Open "signature: ssh-keygen ?" }

Exit-Verdict
