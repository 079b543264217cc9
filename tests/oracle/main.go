// HCL's own evaluator, as a witness for ours: one question in JSON a line in, one answer a line out.
//
//	{"function": "join", "arguments": [VALUE, ...]}   what a function makes of values
//	{"type": "list(string)", "value": VALUE}          what a variable of that type makes of a value
//	{"expression": "upper(a)", "variables": {"a": VALUE}}
//	-> {"value": VALUE} or {"refused": "why"}
//
// A VALUE is {"kind": "string", "of": "a"}: null, bool, number (its digits as a text), string, tuple, list, set, object,
// map or unknown (`of` is then its type, or "any").
//
// It is made of Debian's packages alone; `make oracle` builds it. Functions that only Terraform has are not in it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"

	"github.com/hashicorp/go-cty-funcs/cidr"
	"github.com/hashicorp/go-cty-funcs/collection"
	"github.com/hashicorp/go-cty-funcs/crypto"
	"github.com/hashicorp/go-cty-funcs/encoding"
	"github.com/hashicorp/go-cty-funcs/filesystem"
	"github.com/hashicorp/go-cty-funcs/uuid"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

type value struct {
	Kind string          `json:"kind"`
	Of   json.RawMessage `json:"of,omitempty"`
}

type question struct {
	Function   string
	Arguments  []value
	Type       string
	Value      value
	Expression string
	Variables  map[string]value
}

var functions = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc,
	"parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "signum": stdlib.SignumFunc,
	"chomp": stdlib.ChompFunc, "format": stdlib.FormatFunc, "formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "join": stdlib.JoinFunc,
	"lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "split": stdlib.SplitFunc,
	"strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
	"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc, "replace": replace,
	"chunklist": stdlib.ChunklistFunc, "coalesce": collection.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc,
	"concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc,
	"flatten": stdlib.FlattenFunc, "keys": stdlib.KeysFunc, "length": length, "lookup": lookup, "merge": stdlib.MergeFunc,
	"range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
	"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc,
	"values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	"csvdecode": stdlib.CSVDecodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,
	"yamldecode": ctyyaml.YAMLDecodeFunc, "yamlencode": ctyyaml.YAMLEncodeFunc,
	"base64decode": encoding.Base64DecodeFunc, "base64encode": encoding.Base64EncodeFunc, "urlencode": encoding.URLEncodeFunc,
	"md5": crypto.Md5Func, "sha1": crypto.Sha1Func, "sha256": crypto.Sha256Func, "sha512": crypto.Sha512Func, "uuidv5": uuid.V5Func,
	"cidrhost": cidr.HostFunc, "cidrnetmask": cidr.NetmaskFunc, "cidrsubnet": cidr.SubnetFunc, "cidrsubnets": cidr.SubnetsFunc,
	"basename": filesystem.BasenameFunc, "dirname": filesystem.DirnameFunc,
	"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc,
	"tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number), "tobool": stdlib.MakeToFunc(cty.Bool),
	"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
	"try":   tryfunc.TryFunc, "can": tryfunc.CanFunc,
}

// Terraform's length is that of texts too.
var length = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		of := args[0].Type()
		switch {
		case of == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number), nil
		case of == cty.String:
			return stdlib.Strlen(args[0])
		case of.IsObjectType():
			return cty.NumberIntVal(int64(len(of.AttributeTypes()))), nil
		case of.IsTupleType():
			return cty.NumberIntVal(int64(len(of.TupleElementTypes()))), nil
		}
		return stdlib.Length(args[0])
	},
})

// Terraform's lookup has a default that may be left out, null or unknown, and does not mind other members that are unknown.
var lookup = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "map", Type: cty.DynamicPseudoType}, {Name: "key", Type: cty.String}},
	VarParam: &function.Parameter{
		Name: "default", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true,
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		of := args[0].Type()
		switch {
		case len(args) > 3:
			return cty.NilType, errors.New("two or three arguments")
		case of.IsObjectType() && !args[1].IsKnown():
			return cty.DynamicPseudoType, nil
		case of.IsObjectType() && of.HasAttribute(args[1].AsString()):
			return of.AttributeType(args[1].AsString()), nil
		case of.IsObjectType() && len(args) == 3:
			return args[2].Type(), nil
		case of.IsMapType() && len(args) == 3:
			_, err := convert.Convert(args[2], of.ElementType())
			return of.ElementType(), err
		case of.IsMapType():
			return of.ElementType(), nil
		}
		return cty.NilType, errors.New("no map, or no such attribute")
	},
	Impl: func(args []cty.Value, of cty.Type) (cty.Value, error) {
		key := args[1].AsString()
		if args[0].Type().IsObjectType() && args[0].Type().HasAttribute(key) {
			return args[0].GetAttr(key), nil
		}
		if args[0].Type().IsMapType() && args[0].HasIndex(args[1]).True() {
			return args[0].Index(args[1]), nil
		}
		if len(args) < 3 {
			return cty.NilVal, errors.New("no such key")
		}
		return convert.Convert(args[2], of)
	},
})

// Terraform's replace takes a text between slashes for a pattern.
var replace = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "old", Type: cty.String}, {Name: "new", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		old := args[1].AsString()
		if len(old) > 1 && old[0] == '/' && old[len(old)-1] == '/' {
			return stdlib.RegexReplace(args[0], cty.StringVal(old[1:len(old)-1]), args[2])
		}
		return stdlib.Replace(args[0], args[1], args[2])
	},
})

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<27)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		err := json.Unmarshal(lines.Bytes(), &asked)
		if err != nil {
			panic(err)
		}
		found, err := answer(asked)
		if err != nil {
			answers.Encode(map[string]string{"refused": err.Error()})
			continue
		}
		answers.Encode(map[string]value{"value": write(found)})
	}
}

func answer(asked question) (found cty.Value, err error) {
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("panic: %v", why)
		}
	}()
	switch {
	case asked.Function != "":
		return call(asked.Function, asked.Arguments)
	case asked.Type != "":
		return converted(asked.Type, read(asked.Value))
	}
	variables := map[string]cty.Value{}
	for name, given := range asked.Variables {
		variables[name] = read(given)
	}
	return evaluated(asked.Expression, variables)
}

// A call as an expression makes it: with variables, so that the arguments are converted as HCL converts them.
func call(name string, arguments []value) (cty.Value, error) {
	variables, text := map[string]cty.Value{}, name+"("
	for index, argument := range arguments {
		variables[fmt.Sprintf("a%d", index)] = read(argument)
		text += fmt.Sprintf("a%d,", index)
	}
	if len(arguments) > 0 {
		text = text[:len(text)-1]
	}
	return evaluated(text+")", variables)
}

func evaluated(text string, variables map[string]cty.Value) (cty.Value, error) {
	expression, wrong := hclsyntax.ParseExpression([]byte(text), "code", hcl.InitialPos)
	if wrong.HasErrors() {
		return cty.NilVal, errors.New(wrong.Error())
	}
	found, wrong := expression.Value(&hcl.EvalContext{Variables: variables, Functions: functions})
	if wrong.HasErrors() {
		return cty.NilVal, errors.New(wrong.Error())
	}
	return found, nil
}

// What Terraform does with the value of a variable: first the defaults of its type, then the type itself.
func converted(text string, given cty.Value) (cty.Value, error) {
	expression, wrong := hclsyntax.ParseExpression([]byte(text), "type", hcl.InitialPos)
	if wrong.HasErrors() {
		return cty.NilVal, errors.New(wrong.Error())
	}
	wanted, defaults, wrong := typeexpr.TypeConstraintWithDefaults(expression)
	if wrong.HasErrors() {
		return cty.NilVal, errors.New(wrong.Error())
	}
	if defaults != nil && !given.IsNull() {
		given = defaults.Apply(given)
	}
	return convert.Convert(given, wanted)
}

func read(given value) cty.Value {
	switch given.Kind {
	case "null":
		return cty.NullVal(cty.DynamicPseudoType)
	case "bool":
		return cty.BoolVal(string(given.Of) == "true")
	case "number":
		return cty.MustParseNumberVal(text(given))
	case "string":
		return cty.StringVal(text(given))
	case "tuple":
		return cty.TupleVal(readAll(given))
	case "object":
		return cty.ObjectVal(readNamed(given))
	case "map":
		named := readNamed(given)
		if len(named) == 0 {
			return cty.MapValEmpty(cty.DynamicPseudoType)
		}
		return to(cty.Map(cty.DynamicPseudoType), cty.ObjectVal(named))
	case "list":
		return to(cty.List(cty.DynamicPseudoType), cty.TupleVal(readAll(given)))
	case "set":
		return to(cty.Set(cty.DynamicPseudoType), cty.TupleVal(readAll(given)))
	}
	kinds := map[string]cty.Type{"any": cty.DynamicPseudoType, "string": cty.String, "number": cty.Number, "bool": cty.Bool}
	return cty.UnknownVal(kinds[text(given)])
}

func to(wanted cty.Type, given cty.Value) cty.Value {
	found, err := convert.Convert(given, wanted)
	if err != nil {
		panic(err)
	}
	return found
}

func text(given value) (found string) {
	if err := json.Unmarshal(given.Of, &found); err != nil {
		panic(err)
	}
	return found
}

func readAll(given value) (found []cty.Value) {
	var members []value
	if err := json.Unmarshal(given.Of, &members); err != nil {
		panic(err)
	}
	for _, member := range members {
		found = append(found, read(member))
	}
	return found
}

func readNamed(given value) map[string]cty.Value {
	var members map[string]value
	if err := json.Unmarshal(given.Of, &members); err != nil {
		panic(err)
	}
	found := map[string]cty.Value{}
	for name, member := range members {
		found[name] = read(member)
	}
	return found
}

func write(found cty.Value) value {
	of := found.Type()
	switch {
	case !found.IsKnown():
		if of.IsPrimitiveType() {
			return made("unknown", of.FriendlyName())
		}
		return made("unknown", "any")
	case found.IsNull():
		return value{Kind: "null"}
	case of == cty.Bool:
		return made("bool", found.True())
	case of == cty.Number:
		return made("number", digits(found.AsBigFloat()))
	case of == cty.String:
		return made("string", found.AsString())
	case of.IsObjectType():
		return made("object", writeNamed(found))
	case of.IsMapType():
		return made("map", writeNamed(found))
	case of.IsTupleType():
		return made("tuple", writeAll(found))
	case of.IsListType():
		return made("list", writeAll(found))
	}
	return made("set", writeAll(found))
}

func digits(number *big.Float) string { return number.Text('f', -1) }

func made(kind string, of any) value {
	encoded, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	return value{kind, encoded}
}

func writeAll(found cty.Value) []value {
	members := []value{}
	for each := found.ElementIterator(); each.Next(); {
		_, member := each.Element()
		members = append(members, write(member))
	}
	return members
}

func writeNamed(found cty.Value) map[string]value {
	members := map[string]value{}
	for each := found.ElementIterator(); each.Next(); {
		name, member := each.Element()
		members[name.AsString()] = write(member)
	}
	return members
}
