# Installs JumpCloud's agent and enrols this machine, once.
#   directoryAgent   a package, and
#     connectKeyParameter   SecureString in the parameter store that holds the
#                           organisation's connect key; empty: no directory agent
#
# The key is read with the instance's role, lives in this process, and is handed to
# Windows Installer over its programming interface: it is in no template, metadata,
# file, log or command line of ours. Its limits: the agent's package starts an inner
# installer of its own with the key as an argument, and the administrators of this
# machine share its role. Who wants the key out of their reach takes the role's right
# to the parameter away after the launch, and renews the key.
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

$agent = $Stack.directoryAgent
if (-not $agent.connectKeyParameter) {
    Write-Boot 'no directory agent is asked for'
    exit 0
}
$conf = Join-Path $env:ProgramFiles 'JumpCloud\Plugins\Contrib\jcagent.conf'
function Test-Enrolled { (Test-Path $conf) -and ((Get-Content -Raw $conf) -match '"systemKey"\s*:\s*"\w+"') }
function Install-Msi([string]$File, [string]$Properties) {
    $installer = New-Object -ComObject WindowsInstaller.Installer
    # Called by name, since PowerShell sees no type library of it. UILevel 2: none.
    try {
        [void][__ComObject].InvokeMember('UILevel', 'SetProperty', $null, $installer, @(2))
        [void][__ComObject].InvokeMember('InstallProduct', 'InvokeMethod', $null, $installer, @($File, $Properties))
    } catch {
        # The message could repeat the arguments; the number says enough.
        throw ('the directory agent was not installed: 0x{0:x8}' -f $_.Exception.GetBaseException().HResult)
    }
}
if (Test-Enrolled) {
    Write-Boot 'the directory agent is enrolled already'
    exit 0
}

$file = Save-Pinned $agent
$key = $null
$properties = $null
try {
    $key = Invoke-Retry 5 { Get-AwsText ssm get-parameter --with-decryption --name $agent.connectKeyParameter --query 'Parameter.Value' }
    # Nothing but the key's own alphabet may get between the quotes.
    if ($key -notmatch '^[0-9A-Za-z]+$') { throw 'the connect key is not a string of letters and digits' }
    $properties = "REBOOT=ReallySuppress JCINSTALLERARGUMENTS=`"-k $key /VERYSILENT /NORESTART /NOCLOSEAPPLICATIONS`""
    Install-Msi $file $properties
} finally {
    Remove-Variable key, properties -ErrorAction SilentlyContinue
    Remove-Item -Force $file
}
Wait-Until 60 'the directory agent' { Test-Enrolled }
