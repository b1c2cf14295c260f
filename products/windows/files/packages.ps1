# Installs the packages of stack.json, in their order. The AWS CLI must be among them,
# and the runtimes that the directory agent needs; others are convenience.
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

foreach ($package in $Stack.packages) { Install-Pinned $package | Out-Null }
