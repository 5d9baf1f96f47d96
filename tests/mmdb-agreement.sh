#!/bin/sh
# Compares our reader of MaxMind databases with MaxMind's own on real databases: with the library on 100,000 addresses of each version, and with the
# program mmdblookup on 50,000 of each. Some minutes.
set -eu
cd "$(dirname "$0")/.."
tests/fetch-geo.sh
RISKENGINE_LONG_TESTS=1 dotnet test tests/RiskEngine.Facts.Tests -c Release --filter 'FullyQualifiedName~MmdbAgreement|FullyQualifiedName~MmdbLookup' --logger 'console;verbosity=detailed'
