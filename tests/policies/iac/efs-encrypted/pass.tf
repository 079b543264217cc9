# With the key of AWS: the policy asks for encryption, not for a key of one's own.
resource "aws_efs_file_system" "encrypted" {
  creation_token = "encrypted"
  encrypted      = true
}
