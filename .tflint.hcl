config {
  # Modules are linted in their own folders, so calls need not be entered.
  call_module_type = "none"
}

# The ruleset that is part of TFLint itself; nothing is downloaded.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# A root of ours names its parts by use ("main", "dns"), not by file.
rule "terraform_standard_module_structure" {
  enabled = false
}
