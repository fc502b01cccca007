// Does to the language and the DOM what Prototype 1.6 does: enumerable methods, a toJSON of its own for arrays, and others.
(function () {
    function extend(target, source) {
        for (var name in source) {
            target[name] = source[name];
        }
        return target;
    }
    function K(x) {
        return x;
    }
    var $A = window.$A = function (iterable) {
        if (!iterable) {
            return [];
        }
        if (iterable.toArray) {
            return iterable.toArray();
        }
        var length = iterable.length || 0, results = new Array(length);
        while (length--) {
            results[length] = iterable[length];
        }
        return results;
    };
    Array.from = $A;
    function inspect(value) {
        return value && value.toJSON ? value.toJSON() : typeof value === "string" ? '"' + value + '"' : String(value);
    }
    extend(Object, {
        extend: extend,
        toJSON: inspect,
        keys: function (object) {
            var keys = [];
            for (var property in object) {
                keys.push(property);
            }
            return keys;
        },
        values: function (object) {
            var values = [];
            for (var property in object) {
                values.push(object[property]);
            }
            return values;
        },
        clone: function (object) {
            return extend({}, object);
        },
    });
    extend(Function.prototype, {
        bind: function () {
            var method = this, args = $A(arguments), object = args.shift();
            return function () {
                return method.apply(object, args.concat($A(arguments)));
            };
        },
        curry: function () {
            return this;
        },
        delay: function (seconds) {
            return window.setTimeout(this, seconds * 1000);
        },
    });
    Date.prototype.toJSON = function () {
        return '"' + this.getUTCFullYear() + '"';
    };
    extend(String.prototype, {
        toJSON: function () {
            return '"' + this + '"';
        },
        startsWith: function (pattern) {
            return this.indexOf(pattern) === 0;
        },
        endsWith: function (pattern) {
            var d = this.length - pattern.length;
            return d >= 0 && this.lastIndexOf(pattern) === d;
        },
        sub: function () {
            return "sub";
        },
        strip: function () {
            return this.replace(/^\s+/, "").replace(/\s+$/, "");
        },
    });
    Number.prototype.toJSON = function () {
        return String(this);
    };
    var reverse = Array.prototype.reverse;
    extend(Array.prototype, {
        each: function (iterator) {
            for (var i = 0; i < this.length; i++) {
                iterator(this[i], i);
            }
            return this;
        },
        map: function (iterator, context) {
            var results = [];
            iterator = iterator ? iterator.bind(context) : K;
            this.each(function (value, index) {
                results.push(iterator(value, index));
            });
            return results;
        },
        find: function (iterator) {
            var result;
            this.each(function (value, index) {
                if (result === undefined && iterator(value, index)) {
                    result = value;
                }
            });
            return result;
        },
        entries: function () {
            return [].concat(this);
        },
        toArray: function () {
            return [].concat(this);
        },
        reduce: function () {
            return this.length > 1 ? this : this[0];
        },
        reverse: function (inline) {
            return reverse.call(inline !== false ? this : this.toArray());
        },
        first: function () {
            return this[0];
        },
        clear: function () {
            this.length = 0;
            return this;
        },
        toJSON: function () {
            return "[" + this.map(inspect).join(", ") + "]";
        },
    });
    var element = window.Element;
    window.Element = function (tagName) {
        return document.createElement(tagName);
    };
    extend(window.Element, element);
    window.Element.prototype = element.prototype;
    extend(HTMLElement.prototype, {
        remove: function () {
            this.parentNode.removeChild(this);
            return this;
        },
        update: function (content) {
            this.textContent = content;
            return this;
        },
        insert: K,
        replace: K,
        select: function (expression) {
            return $A(this.querySelectorAll(expression));
        },
        empty: function () {
            return !this.firstChild;
        },
        scrollTo: function () {
            return this;
        },
        getElementsByClassName: function (name) {
            return $A(this.querySelectorAll("." + name));
        },
    });
    document.getElementsByClassName = HTMLElement.prototype.getElementsByClassName;
    window.$ = function (id) {
        return document.getElementById(id);
    };
})();
