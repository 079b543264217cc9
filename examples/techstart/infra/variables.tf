variable "region" {
  description = "Région principale."
  type        = string
  default     = "eu-west-3"
}

variable "office_cidr" {
  description = "Adresses de sortie des bureaux de Paris."
  type        = string
  default     = "203.0.113.0/28"
}

variable "database_password" {
  description = "Mot de passe maître, fourni par la chaîne de déploiement."
  type        = string
  sensitive   = true
}

variable "certificate_arn" {
  description = "Certificat du portail."
  type        = string
}

locals {
  production = {
    Owner              = "plateforme"
    Environment        = "production"
    DataClassification = "internal"
    PersonalData       = "no"
  }

  clients = {
    Owner              = "produit"
    Environment        = "production"
    DataClassification = "confidential"
    PersonalData       = "yes"
    RopaId             = "TRT-001"
    Retention          = "1095d"
  }
}
