resource "aws_iam_organizations_features" "this" { # FAILED
  enabled_features = ["RootSessions"]
}
