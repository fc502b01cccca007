// Does to the language and the DOM what MooTools 1.2 does: a JSON, an Event and an Element of its own, and bind of its time.
(function () {
    window.Hash = function (object) {
        for (var key in object) {
            this[key] = object[key];
        }
    };
    window.JSON = new window.Hash({
        encode: function (object) {
            return String(object);
        },
        decode: function () {
            return null;
        },
    });
    Function.prototype.bind = function (bound, args) {
        var self = this;
        return function () {
            return self.apply(bound || null, args === undefined ? arguments : args instanceof Array ? args : [args]);
        };
    };
    Function.prototype.extend = function (properties) {
        for (var property in properties) {
            this[property] = properties[property];
        }
        return this;
    };
    Array.from = function (item) {
        return item === null || item === undefined ? [] : typeof item === "object" ? Array.prototype.slice.call(item) : [item];
    };
    Object.keys = function (object) {
        var keys = [];
        for (var key in object) {
            keys.push(key);
        }
        return keys;
    };
    var methods = {
        contains: function (item) {
            return this.indexOf(item) !== -1;
        },
        flatten: function () {
            return this;
        },
        erase: function () {
            return this;
        },
        include: function (item) {
            this.push(item);
            return this;
        },
        extend: function () {
            return this;
        },
    };
    for (var name in methods) {
        Array.prototype[name] = methods[name];
    }
    String.prototype.contains = function (string) {
        return this.indexOf(string) > -1;
    };
    window.Event = function (event) {
        this.event = event;
    };
    var prototype = window.Element.prototype;
    window.Element = function (tag) {
        return document.createElement(tag);
    };
    window.Element.prototype = {};
    prototype.get = prototype.set = prototype.dispose = prototype.grab = prototype.inject = function () {
        return this;
    };
    prototype.addEvent = function (type, f) {
        this.addEventListener(type, f, false);
        return this;
    };
    window.Request = function () {};
    window.Window = function () {};
    window.Document = function () {};
    window.Class = function () {};
    window.Browser = {};
})();
