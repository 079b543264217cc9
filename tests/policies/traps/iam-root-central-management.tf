variable "features" {
  type = set(string)
}
resource "aws_iam_organizations_features" "variable" { # UNKNOWN
  enabled_features = var.features
}
resource "aws_iam_organizations_features" "other_case" { # FAILED
  enabled_features = ["rootcredentialsmanagement"]
}
