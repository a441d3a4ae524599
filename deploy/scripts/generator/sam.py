"""AWS: one Lambda function for each of ours, behind an HTTP API."""

from __future__ import annotations

from typing import Any

from . import MADE, yaml
from .installation import Installation
from .routes import BASE_PATH

ABOUT = f"""\
{MADE}
Read README.md next to it first: SQLite on a network file system is for trials only."""

# The longest time that an HTTP API waits for an integration.
HTTP_API_SECONDS = 30
DATA = "/mnt/ainexlayer"


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def attribute(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": name.split(".")}


PARAMETERS = {
    "SharedSqliteIsForTrials": {
        "Type": "String", "AllowedValues": ["understood"],
        "Description": "SQLite's log is not safe if several machines write (see README.md). Enter: understood"},
    "Architecture": {
        "Type": "String", "AllowedValues": ["arm64", "x86_64"], "Default": "x86_64",
        "Description": "The processor that the functions were built for"},
    "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Description": "At least two private subnets"},
    "VpcId": {"Type": "AWS::EC2::VPC::Id", "Description": "The network of the subnets"},
    "CorsOrigins": {
        "Type": "CommaDelimitedList", "Default": "https://cors.invalid",
        "Description": "Web origins that may call the API, such as https://app.example.com"},
    "Registration": {
        "Type": "String", "AllowedValues": ["open", "closed"], "Default": "closed",
        "Description": "Whether anyone may create an account"},
    "LogDays": {"Type": "Number", "Default": 30, "Description": "How many days to keep logs"},
}


def statement(*actions: str, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def role() -> dict[str, Any]:
    """What every function may do: write its log, use its network interfaces, and use its files."""
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
        "Policies": [{"PolicyName": "functions", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            statement("logs:CreateLogStream", "logs:PutLogEvents", resource=attribute("Logs.Arn")),
            statement(
                "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite",
                resource=attribute("Files.Arn"),
                Condition={"StringEquals": {"elasticfilesystem:AccessPointArn": attribute("FilesAccess.Arn")}}),
            # These actions support no resources (the service authorization reference of Amazon EC2), and a network
            # interface has no name before it exists.
            statement(
                "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
                resource="*"),
        ]}}]}}


def files() -> dict[str, Any]:
    """The file system with the database and the uploads, which only the functions can reach."""
    owner = {"Uid": "1000", "Gid": "1000"}
    return {
        "FunctionsGroup": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "The functions", "VpcId": ref("VpcId")}},
        "FilesGroup": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "The file system, for the functions", "VpcId": ref("VpcId"),
            "SecurityGroupIngress": [{
                "IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049,
                "SourceSecurityGroupId": attribute("FunctionsGroup.GroupId")}]}},
        "Files": {
            "Type": "AWS::EFS::FileSystem", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
            "Properties": {"Encrypted": True, "BackupPolicy": {"Status": "ENABLED"}}},
        "FilesAccess": {"Type": "AWS::EFS::AccessPoint", "Properties": {
            "FileSystemId": ref("Files"), "PosixUser": owner,
            "RootDirectory": {"Path": "/ainexlayer", "CreationInfo": {
                "OwnerUid": owner["Uid"], "OwnerGid": owner["Gid"], "Permissions": "0700"}}}},
        **{f"FilesTarget{number}": {"Type": "AWS::EFS::MountTarget", "Properties": {
            "FileSystemId": ref("Files"), "SubnetId": {"Fn::Select": [number, ref("Subnets")]},
            "SecurityGroups": [attribute("FilesGroup.GroupId")]}} for number in range(2)},
    }


# Functions that operators call in other ways.
WITHOUT = {"backup", "check-index"}
GLOBALS = {"Function": {
    "Runtime": "provided.al2023", "Handler": "bootstrap", "Architectures": [ref("Architecture")],
    "LoggingConfig": {"LogGroup": ref("Logs")},
    "VpcConfig": {"SubnetIds": ref("Subnets"), "SecurityGroupIds": [attribute("FunctionsGroup.GroupId")]},
    "Environment": {"Variables": {"DATA_DIR": DATA, "REGISTRATION": ref("Registration")}},
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
        "FileSystemConfigs": [{"Arn": attribute("FilesAccess.Arn"), "LocalMountPath": DATA}],
        **(further or {"Events": events(description)})}
    return {
        "Type": "AWS::Serverless::Function", "DependsOn": ["FilesTarget0", "FilesTarget1"], "Properties": properties}


def streaming(description: dict[str, Any]) -> dict[str, Any]:
    """A second copy of a function, with a URL of its own, which streams. An HTTP API cannot stream, and a function does
    not see which of the two called it. The function itself checks the token."""
    return function(
        description, Environment={"Variables": {"FUNCTION_STREAMING": "1"}},
        FunctionUrlConfig={"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM"})


def template(descriptions: list[dict[str, Any]], place: Installation) -> dict[str, str]:
    # EFS makes the backups, and a check may take longer than a function of Lambda can.
    functions = {logical(each["name"]): function(each) for each in descriptions if each["name"] not in WITHOUT}
    functions["Health"]["Properties"]["Events"]["Otherwise"] = {"Type": "HttpApi", "Properties": {
        "ApiId": ref("Api"), "PayloadFormatVersion": "2.0"}}
    streams = {logical(each["name"]) + "Stream": streaming(each) for each in descriptions if each["streams"]}
    document = {
        "AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31",
        "Description": "AINexLayer, one Lambda function for each endpoint", "Parameters": PARAMETERS,
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
            "Url": {"Description": "The address of the API", "Value": sub("${Api.ApiEndpoint}" + BASE_PATH)},
            **{f"{name}Url": {
                "Description": "The address that streams", "Value": attribute(f"{name}Url.FunctionUrl")}
               for name in streams}},
    }
    return {"template.yaml": yaml.dump(document, ABOUT)}
