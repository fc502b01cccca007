// import Divmod

/**
 * Return what a name is sorted by: the family name first.
 */
AddressBook.Names.sortKey = function sortKey(name) {
    var words = name.toLowerCase().split(' ');
    return words.slice(-1).concat(words.slice(0, -1)).join(' ');
};
