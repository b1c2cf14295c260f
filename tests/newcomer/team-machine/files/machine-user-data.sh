#!/bin/bash
echo "${!HOME}"
/opt/aws/bin/cfn-init -s ${AWS::StackId} -r Machine --region ${AWS::Region}
/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Machine --region ${AWS::Region}
