# Installs the CloudWatch agent and applies cloudwatch-agent.json. It comes before the
# other packages: what fails after it is told in the log group.
#   agent   a package; its `present` is the script that controls the agent
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

$service = 'AmazonCloudWatchAgent'
function Test-Running { [bool](Get-Service -Name $service -ErrorAction SilentlyContinue | Where-Object Status -eq 'Running') }

$installed = Install-Pinned $Stack.agent
$config = Join-Path $PSScriptRoot 'cloudwatch-agent.json'
$now = (Get-FileHash -Algorithm SHA256 $config).Hash
if ($installed -or -not (Test-Done 'agent-config' $now) -or -not (Test-Running)) {
    $told = & $Stack.agent.present -a fetch-config -m ec2 -s -c "file:$config"
    if ($LASTEXITCODE -ne 0) { throw "the CloudWatch agent refuses its configuration: $($told | Select-Object -Last 5)" }
    Set-Done 'agent-config' $now
    Write-Boot 'CloudWatch agent configured'
}
Set-Service -Name $service -StartupType Automatic
Wait-Until 24 'the CloudWatch agent' { Test-Running }
