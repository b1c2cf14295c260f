# Writes the file of variables that users' and administrators' scripts source.
# The instance's own facts must be found. What depends on services outside, or on
# one that is consistent only later, keeps the value found before, else is empty,
# with a warning: it does not fail the launch.
#   instanceEnvFile    the file to write
#   profileUrl         the user's public profile, without the id at its end; may be empty
#   ownerEmailDomain   e-mail domain of the users of that profile service
. "$PSScriptRoot\boot.ps1"
trap { Stop-Boot $_ }

$file = $Stack.instanceEnvFile
$values = [ordered]@{}
foreach ($name in 'AWS_REGION', 'EC2_INSTANCE_ID', 'ROOT_DISK_ID', 'DEPARTMENT', 'PROJECT', 'OWNER_EMAIL',
    'SYNAPSE_USER_ID', 'SYNAPSE_USERNAME', 'STACK_ID', 'PRODUCT_NAME') { $values[$name] = '' }
if (Test-Path $file) {
    foreach ($line in Get-Content -Encoding UTF8 $file) {
        if ($line -match '^\s*\$env:(\w+) = ([''"])(.*)\2\s*$' -and $values.Contains($Matches[1])) {
            $values[$Matches[1]] = $Matches[3].Replace("''", "'")
        }
    }
}

function Set-Soft([string]$Name, [scriptblock]$Body) {
    try { $values[$Name] = [string](Invoke-Retry 5 $Body) }
    catch { Write-Boot "WARNING $Name was not found, it stays '$($values[$Name])'" }
}

$id = Invoke-Retry 6 { Get-InstanceMetadata 'instance-id' }
$root = Invoke-Retry 6 { Get-InstanceMetadata 'block-device-mapping/root' }
$values['AWS_REGION'] = $Stack.region
$values['STACK_ID'] = $Stack.stackId
$values['EC2_INSTANCE_ID'] = $id
$values['ROOT_DISK_ID'] = Invoke-Retry 6 {
    Get-AwsText ec2 describe-volumes --query 'Volumes[0].VolumeId' --filters "Name=attachment.instance-id,Values=$id" "Name=attachment.device,Values=$root"
}

# All tags in one call: most stacks have no Department and no Project.
$tags = @{}
try {
    $json = Invoke-Retry 5 {
        $json = & $Aws --region $Stack.region --output json ec2 describe-tags --filters "Name=resource-id,Values=$id"
        if ($LASTEXITCODE -ne 0) { throw 'describe-tags failed' }
        $json -join "`n"
    }
    foreach ($tag in ($json | ConvertFrom-Json).Tags) { $tags[$tag.Key] = $tag.Value }
    $values['DEPARTMENT'] = [string]$tags['Department']
    $values['PROJECT'] = [string]$tags['Project']
} catch { Write-Boot 'WARNING the tags of this instance were not found' }

# arn:...:assumed-role/ROLE/SESSION, where the session is named after the user
if ([string]$tags['aws:servicecatalog:provisioningPrincipalArn'] -match ':assumed-role/[^/]+/(.+)$') {
    $user = $Matches[1]
    $values['SYNAPSE_USER_ID'] = $user
    if ($user.Contains('@')) {
        $values['OWNER_EMAIL'] = $user
    } elseif ($Stack.profileUrl) {
        Set-Soft 'SYNAPSE_USERNAME' { (Invoke-RestMethod -TimeoutSec 10 -Uri "$($Stack.profileUrl)$user").userName }
        if ($values['SYNAPSE_USERNAME']) { $values['OWNER_EMAIL'] = "$($values['SYNAPSE_USERNAME'])@$($Stack.ownerEmailDomain)" }
    }
}
$search = $Stack.stackId.Split('/')[-1]
Set-Soft 'PRODUCT_NAME' {
    Get-AwsText servicecatalog search-provisioned-products --filters "SearchQuery=$search" --query 'ProvisionedProducts[].Name'
}

$text = $values.GetEnumerator() | ForEach-Object { "`$env:{0} = '{1}'" -f $_.Key, ([string]$_.Value).Replace("'", "''") }
New-Item -ItemType Directory -Force (Split-Path $file) | Out-Null
Set-Content -Encoding UTF8 $file $text
Write-Boot "$file is up to date"
