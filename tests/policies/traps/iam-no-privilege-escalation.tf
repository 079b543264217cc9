data "aws_caller_identity" "me" {}
resource "aws_iam_role" "named" { # NOTHING
  name               = "deploy"
  path               = "/ci/"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role" "unnamed" { # NOTHING
  name_prefix        = "deploy"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy" "own_by_reference" { # FAILED
  role   = aws_iam_role.unnamed.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.unnamed.arn }] })
}
resource "aws_iam_role_policy" "own_by_name" { # FAILED
  role   = aws_iam_role.named.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:Attach*", Resource = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/ci/${aws_iam_role.named.name}" }] })
}
resource "aws_iam_role_policy" "own_by_a_pattern" { # FAILED
  role   = aws_iam_role.named.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "arn:aws:iam::111122223333:role/ci/dep*" }] })
}
resource "aws_iam_role_policy" "of_another" { # PASSED
  role   = aws_iam_role.named.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.unnamed.arn }] })
}
resource "aws_iam_role_policy" "taken_away_again" { # PASSED
  role = aws_iam_role.named.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "arn:aws:iam::111122223333:role/ci/*y" },
    { Effect = "Deny", Action = "iam:Put*", Resource = aws_iam_role.named.arn },
  ] })
}
resource "aws_iam_role_policy" "passed" { # PASSED
  role   = aws_iam_role.unnamed.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["iam:PassRole", "iam:GetRole"], Resource = aws_iam_role.unnamed.arn }] })
}
resource "aws_iam_user_policy" "own" { # FAILED
  user   = "ci"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:AttachUserPolicy", Resource = "arn:aws:iam::111122223333:user/ci" }] })
}
resource "aws_iam_policy" "own_versions" { # FAILED
  name   = "deploy"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "arn:aws:iam::111122223333:policy/deploy" }] })
}
resource "aws_iam_policy" "attached_to_whom_it_names" { # FAILED
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.unnamed.arn }] })
}
resource "aws_iam_role_policy_attachment" "attached" { # NOTHING
  role       = aws_iam_role.unnamed.name
  policy_arn = aws_iam_policy.attached_to_whom_it_names.arn
}
resource "aws_iam_policy" "attached_to_another" { # PASSED
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = aws_iam_role.unnamed.arn }] })
}
resource "aws_iam_policy_attachment" "attached" { # NOTHING
  name       = "attached"
  roles      = [aws_iam_role.named.name]
  policy_arn = aws_iam_policy.attached_to_another.arn
}
resource "aws_iam_policy" "every_letter" { # FAILED
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = [for letter in split("", "abcdefghijklmnopqrstuvwxyz") : "arn:aws:iam::*:role/${letter}*"] }] })
}
