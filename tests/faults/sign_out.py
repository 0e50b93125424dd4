#!/usr/bin/env python3
"""Signed out on one server, refused on the other: nothing that either remembers of a token outlives its session."""
from house import Checks, House

ROUNDS = 100
check = Checks()
one = House()
two = House.beside(one)
accepted = 0
for _ in range(ROUNDS):
    session, token = one.session('huguan.kj')
    check(two.get('/v1/me', token)[0] == 200, 'the other server knows the token')
    check(one.get(f'/v1/sessions/{session}', token, method='DELETE')[0] == 204, 'it is signed out')
    accepted += two.get('/v1/me', token)[0] != 401
check(accepted == 0, f'{accepted} of {ROUNDS} were served after the sign-out')
check.report()
