# Something else that the root made, and that a change can do things to.
resource "terraform_data" "marker" {
  triggers_replace = "1"

  provisioner "local-exec" {
    when    = destroy
    command = "touch ran"
  }
}
