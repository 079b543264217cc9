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
$parts = @("bagit.txt", "manifest-sha256.txt", $root, "chain.jsonl", "verification")
if (-not ($parts | Where-Object { Test-Path -LiteralPath (Join-Path $base $_) })) {
    Write-Output "no evidence bundle / pas un dossier de preuves"
    exit 2
}
$script:broken = $false
$script:open = $false

function Show-Holds([string]$text) { Write-Output "OK    $text" }
function Show-Broken([string]$text) { Write-Output "FAIL  $text"; $script:broken = $true }
function Show-Open([string]$text) { Write-Output "?     $text"; $script:open = $true }
function Get-Digest([byte[]]$bytes) {
    $sha = [System.Security.Cryptography.SHA256]::Create()
    return ([System.BitConverter]::ToString($sha.ComputeHash($bytes)) -replace "-", "").ToLowerInvariant()
}
function Read-Lines([string]$name) {
    $text = [System.IO.File]::ReadAllText((Join-Path $base $name), [System.Text.Encoding]::UTF8)
    return @($text -split "`n" | Where-Object { $_ -ne "" })
}
# Text that every tool reads alike: printable ASCII in lines that are not empty and all end.
function Test-Plain([string]$name) {
    $path = Join-Path $base $name
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { return $false }
    $text = [System.Text.Encoding]::GetEncoding(28591).GetString([System.IO.File]::ReadAllBytes($path))
    return $text -cmatch '\A([ -~]+\n)+\z'
}
# A signature with nothing before it and nothing after: no hash covers its file, and ssh-keygen stops at the end mark.
function Test-Armored([string]$path) {
    $text = [System.Text.Encoding]::GetEncoding(28591).GetString([System.IO.File]::ReadAllBytes($path))
    $marks = '\A-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END SSH SIGNATURE-----\n\z'
    return $text -cmatch $marks
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
        $name = $line.Split(" ")[0]
        if ($name -notmatch '^[A-Za-z0-9.@_-]+$') { continue }
        # Through cmd, because a pipe of PowerShell would change the bytes that were signed.
        $said = cmd /c "ssh-keygen -Y verify $option -n audit-evidence -f `"$allowed`" -I $name -s $root.sig < $root 2> nul"
        if ($LASTEXITCODE -eq 0) { return "$said" }
    }
    return ""
}

# A name that a tool would read otherwise than another, and two that are one where case does not count.
$paths = @(Get-ChildItem -LiteralPath $base -Recurse -Force | ForEach-Object { $_.FullName.Substring($base.Length + 1) })
$names = @($paths | Where-Object { (Split-Path -Leaf $_) -cnotmatch '^[A-Za-z0-9._+-]+\z' })
$names += @($paths | Group-Object { $_.ToLowerInvariant() } | Where-Object { $_.Count -gt 1 } | ForEach-Object { $_.Name })
if ($names.Count -gt 0) {
    Write-Output "FAIL  names / noms: $($names -join ', ')"
    exit 10
}

$listed = @{}
$odd = $false
foreach ($manifest in @("manifest-sha256.txt", $root)) {
    if (-not (Test-Path -LiteralPath (Join-Path $base $manifest) -PathType Leaf)) { $odd = $true; continue }
    if (-not (Test-Plain $manifest)) { $odd = $true }
    foreach ($line in (Read-Lines $manifest)) {
        if ($line -cnotmatch '^[0-9a-f]{64}  [A-Za-z0-9._+/-]+\z') { $odd = $true; continue }
        $name = $line.Substring(66)
        $payload = $manifest -eq "manifest-sha256.txt"
        if ($name -match '(^|/)\.{0,2}(/|$)' -or $listed.ContainsKey($name) -or $name.StartsWith("data/") -ne $payload) {
            $odd = $true; continue
        }
        $listed[$name] = $line.Substring(0, 64)
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
if ($others.Count -gt 0 -or ((Test-Path -LiteralPath $bagit) -and [System.IO.File]::ReadAllText($bagit) -cne $declared)) {
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
} | Where-Object { -not $listed.ContainsKey($_) -and $outside -notcontains $_ })
$added += @(Get-ChildItem -LiteralPath $base -Recurse -Force | Where-Object {
    $_.Attributes -band [System.IO.FileAttributes]::ReparsePoint
} | ForEach-Object { $_.FullName })  # a link: what it leads to is not in the bundle
if ($added.Count -eq 0) { Show-Holds "no other file / aucun autre fichier" }
else { Show-Broken "added / ajouté: $($added -join ', ')" }

$empty = @(Get-ChildItem -LiteralPath $base -Recurse -Directory -Force | Where-Object {
    -not (Get-ChildItem -LiteralPath $_.FullName -Force | Select-Object -First 1)
} | ForEach-Object { $_.FullName })
if ($empty.Count -gt 0) { Show-Broken "empty folders / répertoires vides: $($empty -join ', ')" }

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
    $word = '"[A-Za-z_]+":'
    $integer = '(0|-?[1-9][0-9]*)'
    $value = '("([^"\\]|\\.)*"|{0}|true|false|\{{\}}|\{{{1}{0}(,{1}{0})*\}})' -f $integer, $word
    $linked = Test-Plain "chain.jsonl"
    foreach ($line in (Read-Lines "chain.jsonl")) {
        $number++
        if ($line -cnotmatch "\A\{$word$value(,$word$value)*\}\z") { $linked = $false }
        try { $data = $line | ConvertFrom-Json } catch { $linked = $false; continue }  # a name twice, or no JSON
        if ($data.number -ne $number -or $data.previous -ne $previous) { $linked = $false }
        if ($data.signer) { $signer = $data.signer }  # of this run or of one before it
        if ($signed) { $before = $signed }
        $signed = $data.signer
        if ($authority) { $stamped = $authority }
        if ($data.authority) { $authority = $data.authority }
        $previous = Get-Digest ($utf8.GetBytes("$line`n"))
        if ($previous -eq $Head) { $seen = $number }
    }
    if ($linked) { Show-Holds "chain of $number runs / chaîne de $number exécutions" }
    else { Show-Broken "chain: a line is missing or changed / une ligne de la chaîne manque ou a changé" }
    $rest = @(Read-Lines $root | Where-Object { -not $_.EndsWith("  chain.jsonl") })
    $content = Get-Digest ($utf8.GetBytes(($rest -join "`n") + "`n"))
    if ($data.bundle -eq $content -and $data.kind -ceq "audit") { Show-Holds "the last run is this bundle / la dernière exécution est ce dossier" }
    else { Show-Broken "the last run is not this bundle / la dernière exécution n'est pas ce dossier" }
    $results = Join-Path $base "data/08-machine/results.jsonl"
    $now = ""
    $hash = ""
    if (Test-Path -LiteralPath $results -PathType Leaf) {
        $first = "$([System.IO.File]::ReadLines($results) | Select-Object -First 1)"
        if ($first -match '"now":"([^"]*)"') { $now = $Matches[1] }
        $hash = (Get-FileHash -LiteralPath $results -Algorithm SHA256).Hash.ToLowerInvariant()
    }
    # The time is compared as text: ConvertFrom-Json makes a date of it in some versions.
    $same = $data.results -eq $hash -and $line.Contains("`"time`":`"$now`"")
    if ($same) { Show-Holds "the last run has the results and the time of this bundle / résultats et heure de ce dossier" }
    else { Show-Broken "the last run has other results or another time / la dernière exécution a d'autres résultats ou heure" }
    $demonstration = @(Read-Lines "bag-info.txt") -ccontains "Demonstration: true"
    if ($data.demonstration -eq $demonstration) {
        Show-Holds "demonstration or not, as the last run says / démonstration ou non, comme le dit la dernière exécution"
    }
    else { Show-Broken "the last run says otherwise of demonstration / la dernière exécution dit autre chose de la démonstration" }
    if ($Head -eq "") { Show-Open "no head given: not witnessed / aucune empreinte de tête fournie : sans témoin" }
    elseif ($Head -eq $previous) { Show-Holds "head / empreinte de tête" }
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
    if ($Ca) { Show-Broken "authority given, no timestamp / autorité fournie, pas d'horodatage" }
    elseif ($stamped) { Show-Broken "the timestamp was removed or never added / l'horodatage a été retiré ou n'a pas été ajouté" }
    elseif ($authority) { Show-Open "a timestamp was asked, there is none / horodatage demandé, absent" }
    else { Write-Output "-     no timestamp / pas d'horodatage" }
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
        if ($Ca) { $seen = $when }
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
    }
}
else { Show-Open "timestamp / horodatage: openssl, verification/tsa-ca.pem ?" }

if (-not (Test-Path -LiteralPath (Join-Path $base "$root.sig"))) {
    if ($signer) { Show-Broken "the signature was removed / la signature a été retirée" }
    elseif ($AllowedSigners) { Show-Broken "signers given, not signed / signataires fournis, non signé" }
    else { Write-Output "-     not signed, anyone could have rewritten it / non signé, n'importe qui a pu le réécrire" }
}
elseif (Get-Command ssh-keygen -ErrorAction SilentlyContinue) {
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
    else { Show-Holds "$said" }
    if ($said -and $ended -and $ended -eq $seen) {
        Write-Output "-     the key is not allowed any more, and was when it was timestamped / clé qui n'est plus admise, et l'était à l'horodatage"
    }
    elseif ($said -and $ended) {
        Show-Open "the key is not allowed any more, no timestamp says that it was / clé qui n'est plus admise, aucun horodatage ne dit qu'elle l'était"
    }
    if ($said -and -not $AllowedSigners -and $before -and $key -cne $before) {
        Write-Output "-     another key than that of the run before: $before / autre clé que celle de l'exécution précédente"
    }
}
else { Show-Open "signature: ssh-keygen ?" }

if ($script:broken) { exit 10 }
if ($script:open) { exit 11 }
exit 0
