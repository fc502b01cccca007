"""
A site of one's own, with live pages among its resources. See `office.site`.
"""
