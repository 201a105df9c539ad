variable "bucket_name" {
  description = "Name of the bucket that the pages are put into."
  type        = string
}

variable "domain_name" {
  description = "The website's domain name."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of an ACM certificate for it, in us-east-1."
  type        = string
}

variable "zone_id" {
  description = "Id of the Route 53 hosted zone that holds the domain name."
  type        = string
}

variable "api_url" {
  description = "URL of the orders API, which the page asks."
  type        = string
}
