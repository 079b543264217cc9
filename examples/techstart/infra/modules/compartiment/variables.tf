variable "name" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "kms_key_arn" {
  description = "Empty for SSE-S3."
  type        = string
  default     = ""
}

variable "log_bucket" {
  description = "Where access logs go; empty for none."
  type        = string
  default     = ""
}

variable "versioned" {
  type    = bool
  default = true
}
