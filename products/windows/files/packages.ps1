# Installs the packages of stack.json: those whose `present` path is missing, or
# whose pin is another one than last time. The AWS CLI must be among them, and the
# runtimes that the directory agent needs; others are convenience.
#   arguments   for an .exe its silent switches; for an .msi further properties
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

foreach ($package in $Stack.packages) {
    $note = Join-Path $State "package-$($package.name)"
    $pin = "$($package.url) $($package.sha256) $($package.signer)"
    $last = if (Test-Path $note) { Get-Content -Raw -Encoding UTF8 $note } else { '' }
    if ($last.Trim() -eq $pin -and (Test-Path $package.present)) { continue }

    $file = Save-Package $package
    $program, $arguments = if ($file -like '*.msi') {
        'msiexec.exe', "/i `"$file`" /qn /norestart $($package.arguments)"
    } else {
        $file, $package.arguments
    }
    $run = Start-Process -FilePath $program -ArgumentList $arguments -Wait -PassThru
    Remove-Item -Force $file
    # 3010, 1641: done, wants a restart some time. 1638: a newer one is there.
    if ($run.ExitCode -notin 0, 3010, 1641, 1638) { throw "$($package.name): installer exit $($run.ExitCode)" }
    if (-not (Test-Path $package.present)) { throw "$($package.name): no $($package.present) after the installation" }
    Set-Content -Encoding UTF8 $note $pin
    Write-Boot "$($package.name) installed"
}
