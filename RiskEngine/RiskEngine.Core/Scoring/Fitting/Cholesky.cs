namespace RiskEngine.Core.Scoring;

/// <summary>Solves small symmetric systems of equations.</summary>
internal static class Cholesky
{
    /// <summary>Solves the rows and columns chosen of a symmetric positive definite matrix.</summary>
    /// <param name="matrix">Read only; a small multiple of its diagonal is added, which keeps nearly dependent columns solvable.</param>
    /// <param name="right">The right-hand side, of which the same rows are taken.</param>
    /// <param name="chosen">Which rows and columns.</param>
    /// <returns>One value for each of those chosen.</returns>
    public static double[] Solve(double[,] matrix, double[] right, int[] chosen)
    {
        var size = chosen.Length;
        var lower = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[chosen[row], chosen[column]] * (row == column ? 1 + 1e-9 : 1);
                for (var k = 0; k < column; k++) sum -= lower[row, k] * lower[column, k];
                lower[row, column] = row == column ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / lower[column, column];
            }
        }

        var solved = new double[size];
        for (var row = 0; row < size; row++)
        {
            var sum = right[chosen[row]];
            for (var k = 0; k < row; k++) sum -= lower[row, k] * solved[k];
            solved[row] = sum / lower[row, row];
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var sum = solved[row];
            for (var k = row + 1; k < size; k++) sum -= lower[k, row] * solved[k];
            solved[row] = sum / lower[row, row];
        }

        return solved;
    }
}
