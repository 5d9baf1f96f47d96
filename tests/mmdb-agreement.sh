#!/bin/sh
# Compares our reader of MaxMind databases with MaxMind's own on 100,000 addresses of each version, on real databases. Some minutes.
set -eu
cd "$(dirname "$0")/.."
tests/fetch-geo.sh
RISKENGINE_LONG_TESTS=1 dotnet test tests/RiskEngine.Facts.Tests -c Release --filter FullyQualifiedName~MmdbAgreement --logger 'console;verbosity=detailed'
