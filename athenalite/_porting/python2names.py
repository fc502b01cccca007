# -*- test-case-name: tests.porting.test_python2names -*-
"""
Names of Python 2, and what to write instead: pure data.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

#: Built-in names that are gone.
NAMES: Final = MappingProxyType(
    {
        "unicode": "str",
        "basestring": "str",
        "xrange": "range",
        "unichr": "chr",
        "raw_input": "input",
        "execfile": "exec(open(...).read())",
        "long": "int",
        "StandardError": "Exception",
        "cmp": "a key function, functools.cmp_to_key or __lt__",
        "reduce": "functools.reduce",
        "apply": "f(*args)",
        "coerce": "int() or float()",
    }
)
#: Names that modules do not have any more, wherever they are imported from.
IMPORTED: Final = MappingProxyType(
    {
        "izip": "zip",
        "imap": "map",
        "ifilter": "filter",
        "izip_longest": "zip_longest",
        "StringType": "str",
        "StringTypes": "str",
        "UnicodeType": "str",
        "IntType": "int",
        "LongType": "int",
        "FloatType": "float",
        "ListType": "list",
        "TupleType": "tuple",
        "DictType": "dict",
        "NoneType": "type(None)",
        "ClassType": "type",
        "maketrans": "str.maketrans",
    }
)
#: Functions of the module string that are methods alone.
OF_STRING: Final = frozenset(
    ("atof", "atoi", "find", "join", "joinfields", "letters", "lower", "lowercase", "lstrip", "replace", "rstrip")
    + ("split", "splitfields", "strip", "upper", "uppercase", "zfill", "count", "index", "rfind")
)
#: Modules that have other names, or are gone.
MODULES: Final = MappingProxyType(
    {
        "BaseHTTPServer": "http.server",
        "ConfigParser": "configparser",
        "Cookie": "http.cookies",
        "HTMLParser": "html.parser",
        "Queue": "queue",
        "SocketServer": "socketserver",
        "StringIO": "io",
        "__builtin__": "builtins",
        "cPickle": "pickle",
        "cStringIO": "io",
        "commands": "subprocess",
        "cookielib": "http.cookiejar",
        "htmlentitydefs": "html.entities",
        "httplib": "http.client",
        "md5": "hashlib",
        "sets": "set",
        "sha": "hashlib",
        "thread": "_thread",
        "urllib2": "urllib.request",
        "urlparse": "urllib.parse",
        "xmlrpclib": "xmlrpc.client",
    }
)
#: Methods and attributes that are gone.
METHODS: Final = MappingProxyType(
    {
        "has_key": "in",
        "iteritems": "items()",
        "iterkeys": "keys()",
        "itervalues": "values()",
        "__nonzero__": "__bool__",
        "__unicode__": "__str__",
        "__cmp__": "__lt__ and __eq__",
        "__div__": "__truediv__",
        "__getslice__": "__getitem__, which gets a slice",
        "maxint": "maxsize",
        "getcwdu": "getcwd",
        "im_func": "__func__",
        "im_self": "__self__",
        "func_name": "__name__",
    }
)
#: Those of them that a class defines.
DEFINED: Final = frozenset(("__nonzero__", "__unicode__", "__cmp__", "__div__", "__getslice__"))
