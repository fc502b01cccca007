// Does what polyfills and instrumentation of today do: constructors and methods of the language and the browser are replaced.
(function () {
    var NativePromise = window.Promise;
    function ZonedPromise(executor) {
        var promise = new NativePromise(executor);
        Object.setPrototypeOf(promise, ZonedPromise.prototype);
        return promise;
    }
    ZonedPromise.prototype = Object.create(NativePromise.prototype);
    ZonedPromise.resolve = function (value) {
        return value instanceof ZonedPromise ? value : new ZonedPromise(function (resolve) {
            resolve(value);
        });
    };
    ZonedPromise.reject = function (error) {
        return new ZonedPromise(function (_, reject) {
            reject(error);
        });
    };
    window.Promise = ZonedPromise;
    var then = NativePromise.prototype.then;
    NativePromise.prototype.then = function (fulfilled, rejected) {
        return then.call(this, fulfilled, rejected);
    };
    function fail(name) {
        return function () {
            throw new Error(name + " is somebody's own");
        };
    }
    var parse = JSON.parse, stringify = JSON.stringify;
    JSON.parse = function (text) {
        return parse(text);
    };
    JSON.stringify = function (value) {
        return stringify(value, null, " ");
    };
    ["Map", "Set", "WeakSet", "URL", "AbortController", "WebSocket"].forEach(function (name) {
        window["Native" + name] = window[name];
    });
    if (window.BREAKS_ALL) {
        ["Map", "Set", "WeakSet", "URL", "AbortController", "WebSocket", "setTimeout", "clearTimeout"].forEach(function (name) {
            window[name] = fail(name);
        });
        ["remove", "hasAttribute", "getElementsByTagName"].forEach(function (name) {
            Element.prototype[name] = fail(name);
        });
        ["every", "some", "reduce", "find"].forEach(function (name) {
            Array.prototype[name] = fail(name);
        });
    }
    var get = window.NativeMap.prototype.get, slice = Array.prototype.slice, replace = String.prototype.replace;
    window.NativeMap.prototype.get = function (key) {
        return get.call(this, key);
    };
    Array.prototype.slice = function (start, end) {
        return slice.call(this, start, end);
    };
    String.prototype.replace = function (pattern, replacement) {
        return replace.call(this, pattern, replacement);
    };
    var add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, f, options) {
        return add.call(this, type, f, options);
    };
    Array.prototype.toJSON = function () {
        return "from a polyfill";
    };
})();
