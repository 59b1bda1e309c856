package jinja

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokData
	tokVarBegin
	tokVarEnd
	tokBlockBegin
	tokBlockEnd
	tokName
	tokString
	tokInt
	tokFloat
	tokAdd
	tokSub
	tokMul
	tokDiv
	tokFloorDiv
	tokMod
	tokPow
	tokTilde
	tokLBracket
	tokRBracket
	tokLParen
	tokRParen
	tokLBrace
	tokRBrace
	tokEq
	tokNe
	tokGt
	tokGe
	tokLt
	tokLe
	tokAssign
	tokDot
	tokColon
	tokPipe
	tokComma
	tokSemicolon
)

// tokenNames are Jinja2's words for tokens in its messages.
var tokenNames = [...]string{
	tokEOF: "end of template", tokData: "template data / text",
	tokVarBegin: "begin of print statement", tokVarEnd: "end of print statement",
	tokBlockBegin: "begin of statement block", tokBlockEnd: "end of statement block",
	tokName: "name", tokString: "string", tokInt: "integer", tokFloat: "float",
	tokAdd: "+", tokSub: "-", tokMul: "*", tokDiv: "/", tokFloorDiv: "//", tokMod: "%",
	tokPow: "**", tokTilde: "~", tokLBracket: "[", tokRBracket: "]", tokLParen: "(",
	tokRParen: ")", tokLBrace: "{", tokRBrace: "}", tokEq: "==", tokNe: "!=", tokGt: ">",
	tokGe: ">=", tokLt: "<", tokLe: "<=", tokAssign: "=", tokDot: ".", tokColon: ":",
	tokPipe: "|", tokComma: ",", tokSemicolon: ";",
}

// token is one lexical unit. text is the source slice: for data what is left
// after whitespace control, for strings what stands between the quotes.
type token struct {
	kind     tokenKind
	pos, end int32
	text     string
}

func (t token) describe() string {
	if t.kind == tokName {
		return t.text
	}
	return tokenNames[t.kind]
}

func (t token) is(name string) bool { return t.kind == tokName && t.text == name }
