# -*- test-case-name: tests.assets.test_jslexer -*-
"""
Splits a JavaScript module into tokens: :func:`tokensOf`.

Whether a slash divides or begins a regular expression depends on what stands before it: behind a value it divides. A
closing bracket ends a value or not depending on what it closes, so each open bracket is kept with its :class:`Role`.
That is decided by the tokens alone, without a grammar, and is right for valid modules; invalid text may be tokenized
otherwise, or refused. A module has no HTML-like comments (ECMA-262 B.1.1).

Each token is matched once, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .jstokens import NOTHING, OPENING, LexicalError, Role, Token

_HASHBANG: Final = re.compile(r"#![^\n\r\u2028\u2029]*")
# Not possessive: before Python 3.11.5 a possessive group goes on after an alternative that failed (CPython #106052).
_SKIPPED: Final = re.compile(r"(?:[\s\ufeff]++|//[^\n\r\u2028\u2029]*+|/\*.*?\*/)+", re.DOTALL)
_LINE_END: Final = re.compile(r"[\n\r\u2028\u2029]")
_ESCAPE: Final = r"\\(?:\r\n|.)"
_STRING: Final = re.compile(rf"\"(?:[^\"\\\n\r]++|{_ESCAPE})*\"|'(?:[^'\\\n\r]++|{_ESCAPE})*'", re.DOTALL)
_TEMPLATE: Final = re.compile(r"(?:[^`\\$]++|\\.|\$(?!\{))*(`|\$\{)", re.DOTALL)
_LINE_ENDS: Final = r"\n\r\u2028\u2029"
_REGEXP: Final = re.compile(
    rf"/(?:[^/\\\[{_LINE_ENDS}]++|\\[^{_LINE_ENDS}]|\[(?:[^\]\\{_LINE_ENDS}]++|\\[^{_LINE_ENDS}])*\])+/[\w$]*"
)
# Python's \w lacks some of what an identifier may have; outside of ASCII there is nothing else but blanks.
_WORD: Final = re.compile(r"#?(?:[a-zA-Z_$0-9]|[^\x00-\x7f\s\ufeff]|\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4})+")
_NUMBER: Final = re.compile(
    r"0[xXbBoO][\da-fA-F_]++n?|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?[\d_]++)?n?", re.ASCII
)
_PUNCTUATION: Final = re.compile(r"\.\.\.|\?\.(?!\d)|\?\?=?|\+\+|--|=>|.", re.DOTALL)

#: What is in parentheses behind these is no value.
_CONTROL: Final = frozenset(("if", "while", "for", "with"))
#: Behind these words a brace begins a block, or names, or the attributes of an import: nothing that could be divided.
_BEFORE_BLOCK: Final = frozenset(("catch", "do", "else", "export", "finally", "import", "try", "with"))
#: Behind these words a function or a class is declared, as it is where a statement begins.
_BEFORE_DECLARATION: Final = frozenset(("default", "do", "else", "export"))
#: What stands before the name of a member.
_MODIFIERS: Final = frozenset(("async", "get", "set", "static"))
_DIGITS: Final = frozenset("0123456789")


_STATEMENTS: Final = frozenset((None, Role.BLOCK, Role.VALUE_BLOCK))
_CLASSES: Final = frozenset((Role.CLASS, Role.VALUE_CLASS))


class _Bracket:
    """
    An open bracket.

    :ivar pending: the role of the next parentheses or braces in it, where a function or a class has begun.
    :ivar conditions: how many ``?`` in it have no ``:`` yet.
    :ivar labelled: whether the last ``:`` in it ended a label or a case.
    :ivar statement: where the last word stands that began a statement in it.
    """

    def __init__(self, text: str, role: Role | None) -> None:
        self.text = text
        self.role = role
        self.pending: Role | None = None
        self.conditions = 0
        self.labelled = False
        self.statement = -1


def tokensOf(text: str) -> Iterator[Token]:
    """
    :param text: an ES module.
    :return: its tokens, without blanks and comments. A template is one token up to its first expression, and one from
        each expression to the next.
    :raise LexicalError: while iterated, for what is not a token, and for brackets that do not match.
    """
    return _Lexer(text).tokens()


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._first = True  # whether the next token begins a line
        self._open = [_Bracket("", None)]
        self._previous = self._before = NOTHING

    def tokens(self) -> Iterator[Token]:
        hashbang = _HASHBANG.match(self._text)
        self._at = hashbang.end() if hashbang else 0
        while self._skip():
            token = self._token()
            yield token
            self._before, self._previous = self._previous, token
        if len(self._open) > 1:
            raise LexicalError(self._at, "a bracket or a template is not closed")

    def _skip(self) -> bool:
        skipped = _SKIPPED.match(self._text, self._at)
        self._first = skipped is not None and _LINE_END.search(skipped[0]) is not None
        self._at = skipped.end() if skipped else self._at
        return self._at < len(self._text)

    def _token(self) -> Token:
        text, at = self._text, self._at
        character = text[at]
        if character in "\"'":
            return self._match("string", _STRING, "a string is not closed")
        if character == "`":
            return self._template()
        if character == "/":
            return self._slash()
        if character in _DIGITS or (character == "." and text[at + 1 : at + 2] in _DIGITS):
            return self._match("value", _NUMBER, "")
        if _WORD.match(text, at):
            return self._word()
        if character in "([{":
            return self._opening(character)
        if character in ")]}":
            return self._closing(character)
        return self._operator()

    def _slash(self) -> Token:
        if self._text.startswith("/*", self._at):
            raise LexicalError(self._at, "a comment is not closed")
        isSpecifier = self._previous.kind == "string" and self._before.isOne("word", "from", "import")
        # A module specifier is no value: a semicolon is inserted behind it.
        if self._previous.endsValue and not (self._first and isSpecifier):
            return self._take("punctuation", "/")
        return self._match("value", _REGEXP, "a regular expression is not closed")

    def _operator(self) -> Token:
        token = self._match("punctuation", _PUNCTUATION, "")
        bracket = self._open[-1]
        if token.text == "?":
            bracket.conditions += 1
        elif token.text == ":":
            bracket.labelled = not bracket.conditions and bracket.role in _STATEMENTS
            bracket.conditions = max(0, bracket.conditions - 1)
        return token

    # Words

    def _word(self) -> Token:
        bracket, beginsStatement = self._open[-1], self._beginsStatement()
        token = self._match("word", _WORD, "")
        if self._isName(token):
            return token._replace(isName=True)
        declared = beginsStatement or self._previous.isOne("word", *_BEFORE_DECLARATION)
        if declared:
            bracket.statement = token.start
        if token.text == "function":
            bracket.pending = Role.PARAMETERS if declared else Role.VALUE_PARAMETERS
        elif token.text == "class":
            bracket.pending = Role.CLASS if declared else Role.VALUE_CLASS
        return token

    def _isName(self, token: Token) -> bool:
        previous, role = self._previous, self._open[-1].role
        if previous.isOne("punctuation", ".", "?."):
            return True
        if token.text == "of":
            return role is not Role.CONTROL or not previous.endsValue
        if role is not Role.OBJECT and role not in _CLASSES:
            return False
        if previous.isOne("punctuation", "*"):
            # A generator's name, or a factor.
            previous = self._before
            return self._beginsMember(previous) or (previous.isName and previous.text in _MODIFIERS)
        isModified = previous.isName and previous.text in _MODIFIERS
        return isModified or self._beginsMember(previous) or (role in _CLASSES and previous.endsValue)

    def _beginsMember(self, previous: Token) -> bool:
        # Whether a member of an object or a class begins behind this.
        if self._open[-1].role is Role.OBJECT:
            return previous.isOne("punctuation", "{", ",")
        return previous.isOne("punctuation", "{", ";", "}")

    def _beginsStatement(self) -> bool:
        previous, bracket = self._previous, self._open[-1]
        if previous is NOTHING:
            return True
        if bracket.role not in _STATEMENTS:
            return False
        if previous.isOne("word", "async"):
            return previous.start == bracket.statement
        if previous.isOne("punctuation", ":"):
            return bracket.labelled
        if previous.isOne("punctuation", ";", "{") or previous.isOne("word", "else", "do"):
            return True
        if previous.isOne("punctuation", ")", "}") and not previous.endsValue:
            return True
        # A semicolon is inserted at the end of a line.
        return previous.endsValue and self._first

    # Brackets

    def _opening(self, text: str) -> Token:
        role = self._roleOfBrace() if text == "{" else self._roleOfOther(text)
        self._open.append(_Bracket(text, role))
        return self._take("punctuation", text)

    def _roleOfOther(self, text: str) -> Role:
        bracket, previous = self._open[-1], self._previous
        if text == "(" and bracket.pending in (Role.PARAMETERS, Role.VALUE_PARAMETERS):
            role, bracket.pending = bracket.pending, None
            return role
        isForAwait = previous.isOne("word", "await") and self._before.isOne("word", "for")
        return Role.CONTROL if text == "(" and (previous.isOne("word", *_CONTROL) or isForAwait) else Role.VALUE

    def _roleOfBrace(self) -> Role:
        bracket, previous = self._open[-1], self._previous
        if bracket.pending in _CLASSES and not previous.isOne("word", "extends"):
            role, bracket.pending = bracket.pending, None
            return role
        if previous.isOne("punctuation", ")"):
            return Role.VALUE_BLOCK if previous.role is Role.VALUE_PARAMETERS else Role.BLOCK
        if previous.isOne("punctuation", "=>") or previous.isOne("word", *_BEFORE_BLOCK):
            return Role.BLOCK
        if bracket.role in _CLASSES and previous.text == "static":
            return Role.BLOCK
        return Role.BLOCK if self._beginsStatement() else Role.OBJECT

    def _closing(self, text: str) -> Token:
        bracket = self._open[-1]
        if bracket.text not in (OPENING[text], "${" if text == "}" else None):
            raise LexicalError(self._at, f"a {text} closes what is not open")
        token = None if bracket.text == "${" else self._take("punctuation", text)
        self._open.pop()
        return token or self._template()

    def _template(self) -> Token:
        # From the backquote, or the brace that ends an expression, to the next expression or the end.
        match = _TEMPLATE.match(self._text, self._at + 1)
        if match is None:
            raise LexicalError(self._at, "a template is not closed")
        token = self._take("value" if match[1] == "`" else "punctuation", self._text[self._at : match.end()])
        if match[1] == "${":
            self._open.append(_Bracket("${", Role.VALUE))
        return token

    def _match(self, kind: str, pattern: re.Pattern[str], why: str) -> Token:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise LexicalError(self._at, why)
        return self._take(kind, match[0])

    def _take(self, kind: str, text: str) -> Token:
        token = Token(kind, text, self._at, self._open[-1].role)
        self._at += len(text)
        return token
