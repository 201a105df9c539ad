# The rules of IAM within one account, written a second time and from the text
# of the user guide alone ("Policy evaluation logic", "Condition operators",
# "Single-valued vs. multivalued context keys"). The tests hold the Go code to it.
package iam

default decision := "ImplicitDeny"

decision := "ExplicitDeny" if {
	some statement in applying
	statement.Effect == "Deny"
} else := "Allow" if count(applying) > 0

applying contains statement if {
	some statement in input.statements
	named(statement, "Action", lower(input.action))
	named(statement, "Resource", input.resource)
	every operator, keys in object.get(statement, "Condition", {}) {
		every key, wanted in keys {
			holds(operator, lower(key), list(wanted))
		}
	}
}

list(value) := value if is_array(value)

list(value) := [value] if not is_array(value)

named(statement, element, value) if {
	some pattern in list(statement[element])
	fits(element, pattern, value)
}

named(statement, element, value) if {
	excluded := list(statement[concat("", ["Not", element])])
	every pattern in excluded {
		not fits(element, pattern, value)
	}
}

fits("Action", pattern, value) if glob.match(lower(pattern), null, value)

fits("Resource", pattern, value) if arn_like(pattern, value)

# An ARN has six parts; only the last may hold colons of its own.
arn_like("*", _)

arn_like(pattern, value) if {
	wanted := parts(pattern)
	given := parts(value)
	every i in numbers.range(0, 5) {
		glob.match(wanted[i], null, given[i])
	}
}

parts(arn) := array.concat(head, [concat(":", array.slice(all, 5, count(all)))]) if {
	all := split(arn, ":")
	count(all) > 5
	head := array.slice(all, 0, 5)
}

given(key) := {value | some name, values in input.context; lower(name) == key; some value in values}

holds("Null", key, [wanted]) if (count(given(key)) == 0) == (lower(wanted) == "true")

holds(operator, key, wanted) if {
	operator != "Null"
	count(given(key)) == 0
	absent_holds(operator)
}

holds(operator, key, wanted) if {
	not startswith(operator, "ForAnyValue:")
	operator != "Null"
	count(given(key)) > 0
	every value in given(key) {
		accepted(operator, value, wanted)
	}
}

holds(operator, key, wanted) if {
	startswith(operator, "ForAnyValue:")
	some value in given(key)
	accepted(operator, value, wanted)
}

absent_holds(operator) if endswith(operator, "IfExists")

absent_holds(operator) if startswith(operator, "ForAllValues:")

absent_holds(operator) if {
	contains(operator, "Not")
	not startswith(operator, "ForAnyValue:")
}

accepted(operator, value, wanted) if {
	not contains(operator, "Not")
	some want in wanted
	same(plain(operator), want, value)
}

accepted(operator, value, wanted) if {
	contains(operator, "Not")
	every want in wanted {
		not same(replace(plain(operator), "Not", ""), want, value)
	}
}

plain(operator) := trim_suffix(trim_prefix(trim_prefix(operator, "ForAllValues:"), "ForAnyValue:"), "IfExists")

same("StringEquals", want, value) if want == value

same("StringEqualsIgnoreCase", want, value) if lower(want) == lower(value)

same("StringLike", want, value) if glob.match(want, null, value)

same("ArnLike", want, value) if arn_like(want, value)

same("ArnEquals", want, value) if arn_like(want, value)

same("Bool", want, value) if lower(want) == lower(value)
