"""AWS: one Lambda function for each of ours, behind an HTTP API."""

from __future__ import annotations

from typing import Any

from . import MADE, yaml
from .installation import Installation
from .routes import BASE_PATH

ABOUT = f"""\
{MADE}
README.md next to it says what must exist first: PostgreSQL, and a secret with its URL."""

# The longest time that an HTTP API waits for an integration.
HTTP_API_SECONDS = 30
# The only folder that a function may write to. Nothing in it is kept.
DATA = "/tmp/ainexlayer"


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def attribute(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": name.split(".")}


PARAMETERS = {
    "DatabaseSecret": {
        "Type": "String", "AllowedPattern": "arn:.*",
        "Description": "ARN of a secret of Secrets Manager whose text is the URL: postgres://user:password@host/name"},
    "Architecture": {
        "Type": "String", "AllowedValues": ["arm64", "x86_64"], "Default": "x86_64",
        "Description": "The processor that the functions were built for"},
    "VpcId": {
        "Type": "String", "Default": "",
        "Description": "The network of RDS Proxy; empty for a database that is reached without one"},
    "Subnets": {
        "Type": "CommaDelimitedList", "Default": "", "Description": "Private subnets of that network, with a way to S3"},
    "CorsOrigins": {
        "Type": "CommaDelimitedList", "Default": "https://cors.invalid",
        "Description": "Web origins that may call the API, such as https://app.example.com"},
    "Registration": {
        "Type": "String", "AllowedValues": ["open", "closed"], "Default": "closed",
        "Description": "Whether anyone may create an account"},
    "LogDays": {"Type": "Number", "Default": 30, "Description": "How many days to keep logs"},
}
# cfn-lint also tries the default of Subnets, which the condition leaves out.
METADATA = {"cfn-lint": {"config": {"ignore_checks": ["W1030"]}}}
CONDITIONS = {"InNetwork": {"Fn::Not": [{"Fn::Equals": [ref("VpcId"), ""]}]}}


def statement(*actions: str, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def role() -> dict[str, Any]:
    """What every function may do: write its log, use its network interfaces, and keep files in the bucket."""
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
        "Policies": [{"PolicyName": "functions", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            statement("logs:CreateLogStream", "logs:PutLogEvents", resource=attribute("Logs.Arn")),
            statement(
                "s3:GetObject", "s3:PutObject", "s3:DeleteObject", resource=sub("${Files.Arn}/*")),
            statement("s3:ListBucket", resource=attribute("Files.Arn")),
            # These actions support no resources (the service authorization reference of Amazon EC2), and a network
            # interface has no name before it exists.
            statement(
                "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
                resource="*"),
        ]}}]}}


def files() -> dict[str, Any]:
    """The bucket with the uploads, which only the functions can reach, and their place in the network."""
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return {
        "Files": {
            "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
                "PublicAccessBlockConfiguration": {each: True for each in closed},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}},
        "FunctionsGroup": {"Type": "AWS::EC2::SecurityGroup", "Condition": "InNetwork", "Properties": {
            "GroupDescription": "The functions: let them in at RDS Proxy", "VpcId": ref("VpcId")}},
    }


def in_network(value: Any) -> dict[str, Any]:
    return {"Fn::If": ["InNetwork", value, ref("AWS::NoValue")]}


GLOBALS = {"Function": {
    "Runtime": "provided.al2023", "Handler": "bootstrap", "Architectures": [ref("Architecture")],
    "LoggingConfig": {"LogGroup": ref("Logs")},
    "VpcConfig": in_network({
        "SubnetIds": ref("Subnets"), "SecurityGroupIds": [attribute("FunctionsGroup.GroupId")]}),
    "Environment": {"Variables": {
        "DATA_DIR": DATA, "REGISTRATION": ref("Registration"),
        "DATABASE_URL": sub("{{resolve:secretsmanager:${DatabaseSecret}}}"),
        "BLOBS": sub("s3://${Files}/blobs?region=${AWS::Region}")}},
}}


def logical(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def events(description: dict[str, Any]) -> dict[str, Any]:
    """The routes of a function. `run-jobs` has none and runs every minute."""
    if "path" not in description:
        return {"EveryMinute": {"Type": "Schedule", "Properties": {
            "Schedule": "rate(1 minute)", "Input": "{}", "Description": "Sends webhooks that are due"}}}
    methods = [description["method"], *description.get("aliases", [])]
    methods += ["HEAD"] if "GET" in methods else []
    seconds = min(description["timeoutSeconds"], HTTP_API_SECONDS)
    return {method.capitalize(): {"Type": "HttpApi", "Properties": {
        "ApiId": ref("Api"), "Method": method, "Path": BASE_PATH + description["path"],
        "PayloadFormatVersion": "2.0", "TimeoutInMillis": seconds * 1000}} for method in methods}


def function(description: dict[str, Any], **further: Any) -> dict[str, Any]:
    """One Lambda function. It has its routes, unless `further` properties replace them."""
    name = description["name"]
    # A function that reads and indexes uploads gets more memory, and with it more processor time.
    heavy = description["maxBodyBytes"] > 6 << 20 or description["streams"]
    properties = {
        "Description": description["summary"], "CodeUri": f"../../build/dist/lambda/{name}.zip",
        "MemorySize": 1024 if heavy else 256, "Timeout": description["timeoutSeconds"],
        "Role": attribute("FunctionsRole.Arn"),
        **(further or {"Events": events(description)})}
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def is_called(description: dict[str, Any]) -> bool:
    """Whether anything on Lambda calls it. What else has no route is for operators, and may take longer than a function
    of Lambda can."""
    return "path" in description or description["name"] == "run-jobs"


def streaming(description: dict[str, Any]) -> dict[str, Any]:
    """A second copy of a function, with a URL of its own, which streams. An HTTP API cannot stream, and a function does
    not see which of the two called it. The function itself checks the token."""
    return function(
        description, Environment={"Variables": {"FUNCTION_STREAMING": "1"}},
        FunctionUrlConfig={"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM"})


def template(descriptions: list[dict[str, Any]], place: Installation) -> dict[str, str]:
    functions = {logical(each["name"]): function(each) for each in descriptions if is_called(each)}
    functions["Health"]["Properties"]["Events"]["Otherwise"] = {"Type": "HttpApi", "Properties": {
        "ApiId": ref("Api"), "PayloadFormatVersion": "2.0"}}
    streams = {logical(each["name"]) + "Stream": streaming(each) for each in descriptions if each["streams"]}
    document = {
        "AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31",
        "Description": "AINexLayer, one Lambda function for each endpoint", "Metadata": METADATA, "Parameters": PARAMETERS,
        "Conditions": CONDITIONS,
        "Globals": GLOBALS,
        "Resources": {
            "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"CorsConfiguration": {
                "AllowOrigins": ref("CorsOrigins"), "AllowMethods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
                "AllowHeaders": [
                    "authorization", "content-type", "accept", "if-match", "if-none-match", "if-range", "range",
                    "idempotency-key", "x-request-id"],
                "ExposeHeaders": [
                    "etag", "location", "retry-after", "content-disposition", "content-range", "idempotent-replayed",
                    "x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
                "MaxAge": 600}}},
            "Logs": {
                "Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete",
                "Properties": {"RetentionInDays": ref("LogDays")}},
            "FunctionsRole": role(), **files(), **functions, **streams},
        "Outputs": {
            "FunctionsGroupId": {
                "Condition": "InNetwork", "Description": "The security group that RDS Proxy must let in",
                "Value": attribute("FunctionsGroup.GroupId")},
            "Url": {"Description": "The address of the API", "Value": sub("${Api.ApiEndpoint}" + BASE_PATH)},
            **{f"{name}Url": {
                "Description": "The address that streams", "Value": attribute(f"{name}Url.FunctionUrl")}
               for name in streams}},
    }
    return {"template.yaml": yaml.dump(document, ABOUT)}
