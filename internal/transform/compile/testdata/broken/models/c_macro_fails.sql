select {{ outer('x') }}
