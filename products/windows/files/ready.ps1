# What the launch promises: a session through the SSM agent, and a remote desktop.
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

foreach ($service in 'AmazonSSMAgent', 'TermService') {
    Set-Service -Name $service -StartupType Automatic
    Start-Service -Name $service
    Wait-Until 24 "service $service" { (Get-Service -Name $service).Status -eq 'Running' }
}
Wait-Until 24 'remote desktop on port 3389' {
    $client = New-Object Net.Sockets.TcpClient
    try { $client.Connect('127.0.0.1', 3389); $client.Connected }
    catch { $false }
    finally { $client.Dispose() }
}
if ($Stack.directoryAgent.connectKeyParameter) {
    Wait-Until 24 'service jumpcloud-agent' { (Get-Service -Name 'jumpcloud-agent').Status -eq 'Running' }
}
