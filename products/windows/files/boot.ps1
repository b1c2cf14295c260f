# What every boot script of the Windows product starts with. Beside it stands
# stack.json, written by cfn-init; every key is there, a value may be empty:
#   region, stackName, stackId   the stack's own
#   instanceEnvFile              see instance-env.ps1
#   profileUrl, ownerEmailDomain see instance-env.ps1
#   agent                        see agent.ps1
#   packages                     see packages.ps1
#   directoryAgent               see directory-agent.ps1
# A package is { name, url, sha256, signer, arguments, present }. Its file is the one
# of sha256, or bears a valid Authenticode signature of the organisation `signer`: of
# some files nobody but the signature says whose they are.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$Name = Split-Path -Leaf $MyInvocation.PSCommandPath
$Log = Join-Path $PSScriptRoot 'boot.log'
$State = Join-Path $PSScriptRoot 'state'
$Aws = Join-Path $env:ProgramFiles 'Amazon\AWSCLIV2\aws.exe'
$Stack = Get-Content -Raw -Encoding UTF8 (Join-Path $PSScriptRoot 'stack.json') | ConvertFrom-Json
New-Item -ItemType Directory -Force $State | Out-Null

# The file is shared with the agent that sends it on: Add-Content shares with no reader.
function Write-Boot([string]$Text) {
    $line = '{0:s}Z {1}: {2}' -f [DateTime]::UtcNow, $Name, $Text
    $bytes = [Text.Encoding]::UTF8.GetBytes("$line`r`n")
    $file = [IO.File]::Open($Log, 'Append', 'Write', 'ReadWrite, Delete')
    try { $file.Write($bytes, 0, $bytes.Length) } finally { $file.Dispose() }
    Write-Host $line
}

# Each script says: trap { Stop-Boot $_ }
function Stop-Boot($Failure) {
    Write-Boot ('ERROR line {0}: {1}' -f $Failure.InvocationInfo.ScriptLineNumber, $Failure.Exception.Message)
    exit 1
}

# Pauses 1, 2, 4, ... 32 s between the attempts.
function Invoke-Retry([int]$Attempts, [scriptblock]$Body) {
    for ($attempt = 1; ; $attempt++) {
        try { return & $Body }
        catch {
            if ($attempt -ge $Attempts) { throw }
            Start-Sleep -Seconds ([Math]::Min(32, [Math]::Pow(2, $attempt - 1)))
        }
    }
}

# Asks every 5 s until the body gives true.
function Wait-Until([int]$Attempts, [string]$What, [scriptblock]$Body) {
    for ($attempt = 1; -not (& $Body); $attempt++) {
        if ($attempt -ge $Attempts) { throw "$What not ready after $Attempts attempts" }
        Start-Sleep -Seconds 5
    }
    Write-Boot "$What ready"
}

# Instance metadata, version 2 only.
function Get-InstanceMetadata([string]$Path) {
    $imds = 'http://169.254.169.254/latest'
    $token = Invoke-RestMethod -TimeoutSec 5 -Method Put -Uri "$imds/api/token" -Headers @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '60' }
    Invoke-RestMethod -TimeoutSec 5 -Uri "$imds/meta-data/$Path" -Headers @{ 'X-aws-ec2-metadata-token' = $token }
}

# One value from the AWS CLI; nothing found, or more than one value, is an error.
function Get-AwsText {
    $text = & $Aws --region $Stack.region --output text @args
    if ($LASTEXITCODE -ne 0) { throw "aws $($args[0]) $($args[1]): exit $LASTEXITCODE" }
    if (-not $text -or $text -eq 'None' -or "$text".Contains("`t")) { throw "aws $($args[0]) $($args[1]): not one value" }
    "$text"
}

# Downloads a package, proves that it is the pinned one, gives the file's path.
function Save-Pinned($Package) {
    $file = Join-Path $env:TEMP ([Uri]$Package.url).Segments[-1]
    Invoke-Retry 4 {
        Invoke-WebRequest -UseBasicParsing -TimeoutSec 600 -Uri $Package.url -OutFile $file
        if (-not ($Package.sha256 -or $Package.signer)) { throw "$($Package.name): settings give neither sha256 nor signer" }
        $hash = (Get-FileHash -Algorithm SHA256 $file).Hash
        $pinned = $Package.sha256 -and $hash -eq $Package.sha256
        if (-not $pinned -and $Package.signer) {
            $signature = Get-AuthenticodeSignature $file
            $organisation = '(^|, )O="?' + [regex]::Escape($Package.signer) + '"?(, |$)'
            $pinned = $signature.Status -eq 'Valid' -and $signature.SignerCertificate.Subject -match $organisation
            if ($pinned -and $Package.sha256) { Write-Boot "$($Package.name): signed by $($Package.signer), SHA-256 $hash" }
        }
        if (-not $pinned) {
            Remove-Item -Force $file
            throw "$($Package.url) is not the file that was pinned: SHA-256 $hash"
        }
    } | Out-Null
    $file
}

# What was applied last: `Test-Done NAME MARK` asks, `Set-Done NAME MARK` notes.
function Test-Done([string]$Step, [string]$Mark) {
    $note = Join-Path $State $Step
    (Test-Path $note) -and "$(Get-Content -Raw -Encoding UTF8 $note)".Trim() -eq $Mark
}
function Set-Done([string]$Step, [string]$Mark) { Set-Content -Encoding UTF8 (Join-Path $State $Step) $Mark }

# Installs a package whose `present` path is missing, or whose pin is another one than
# last time; gives whether it did.
#   arguments   for an .exe its silent switches; for an .msi further properties
function Install-Pinned($Package) {
    $pin = "$($Package.url) $($Package.sha256) $($Package.signer)"
    if ((Test-Done "package-$($Package.name)" $pin) -and (Test-Path $Package.present)) { return $false }

    $file = Save-Pinned $Package
    $program, $arguments = if ($file -like '*.msi') {
        'msiexec.exe', "/i `"$file`" /qn /norestart $($Package.arguments)"
    } else {
        $file, $Package.arguments
    }
    $run = Start-Process -FilePath $program -ArgumentList $arguments -Wait -PassThru
    Remove-Item -Force $file
    # 3010, 1641: done, wants a restart some time. 1638: a newer one is there.
    if ($run.ExitCode -notin 0, 3010, 1641, 1638) { throw "$($Package.name): installer exit $($run.ExitCode)" }
    if (-not (Test-Path $Package.present)) { throw "$($Package.name): no $($Package.present) after the installation" }
    Set-Done "package-$($Package.name)" $pin
    Write-Boot "$($Package.name) installed"
    $true
}
