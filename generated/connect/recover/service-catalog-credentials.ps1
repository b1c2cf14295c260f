# Generated from portfolios/communities.yaml by `cargo xtask generate`. Do not edit.
#
# Temporary AWS credentials for RECOVER Data Analysts, for the credential_process of an AWS profile.
# Prints one JSON object, or nothing and why.
param(
    # The file that holds your token.
    [string] $TokenFile,
    # The token itself; other people on this computer may see it.
    [string] $Token
)

$ErrorActionPreference = "Stop"
$ProgressPreference = "SilentlyContinue"
$Endpoint = "https://sc.sageit.org/ststoken"

function Stop-With([string] $Why) {
    [Console]::Error.WriteLine("service-catalog-credentials.ps1: $Why")
    exit 1
}

if ($TokenFile) {
    if (-not (Test-Path -LiteralPath $TokenFile -PathType Leaf)) {
        Stop-With "cannot read the token file $TokenFile"
    }
    $Token = Get-Content -LiteralPath $TokenFile -Raw
}
if ($Token) { $Token = $Token.Trim() }
if (-not $Token) { Stop-With "name the file that holds your token: -TokenFile FILE" }
if ($Token -notmatch '^[A-Za-z0-9._~+/=-]+$') {
    Stop-With "this is no token: it has characters that no token has"
}

# Windows PowerShell 5 still offers older protocols first.
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
try {
    $Headers = @{ Authorization = "Bearer $Token" }
    $Answer = Invoke-RestMethod -Uri $Endpoint -Headers $Headers -MaximumRedirection 3 -TimeoutSec 60
} catch {
    $Response = $_.Exception.Response
    if (-not $Response) { Stop-With "cannot reach $Endpoint" }
    $Status = [int] $Response.StatusCode
    if ($Status -eq 401 -or $Status -eq 403) {
        Stop-With "the token was refused ($Status): get a new one at https://sc.sageit.org/personalaccesstoken"
    }
    Stop-With "$Endpoint answered $Status"
}
if ($Answer -is [string]) {
    try { $Answer = $Answer | ConvertFrom-Json } catch { Stop-With "the answer holds no credentials" }
}
if (-not $Answer.AccessKeyId) { Stop-With "the answer holds no credentials" }
$Answer | ConvertTo-Json -Compress
