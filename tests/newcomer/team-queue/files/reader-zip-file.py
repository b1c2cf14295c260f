def handler(event, context):
    # no comment of the template
    print("read", len(event["Records"]))
