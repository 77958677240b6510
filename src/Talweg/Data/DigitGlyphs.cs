using System.Globalization;

namespace Talweg.Data;

/// <summary>The skeletons of the ten digits: for each digit a few ways to write it, each a list of strokes.</summary>
/// <remarks>
/// A stroke is a list of "x,y" in hundredths of the writing box, x to the right and y down, through which the pen moves smoothly.
/// Strokes that meet share the meeting point, and what bends them later is a function of position, so they stay joined.
/// </remarks>
internal static class DigitGlyphs
{
    private static readonly string[][][] Sources =
    [
        [
            ["50,2 28,18 22,50 28,82 50,98 72,82 78,50 72,18 50,2"],
            ["60,5 36,8 23,44 30,84 52,98 74,80 77,44 66,14 46,9"],
            ["50,4 34,22 30,52 36,84 50,97 64,84 70,52 66,22 50,4"],
        ],
        [
            ["51,2 50,50 50,98"],
            ["34,22 53,3", "53,3 52,50 51,98"],
            ["34,20 52,3", "52,3 51,50 51,97", "32,97 51,97 71,97"],
            ["60,2 50,50 41,98"],
        ],
        [
            ["24,24 34,6 54,2 72,14 74,32 60,56 40,78 24,96", "24,96 50,96 78,96"],
            ["26,20 44,3 68,10 72,30 56,58 34,86 24,90 28,78 42,80 60,95 80,90"],
            ["28,12 52,3 72,18 68,44 46,74 26,95", "26,95 52,93 76,97"],
        ],
        [
            ["24,12 46,2 70,12 70,34 44,46", "44,46 72,56 76,78 54,97 22,88"],
            ["24,4 50,5 74,4", "74,4 60,22 46,40", "46,40 72,52 76,76 56,96 22,90"],
            ["28,16 48,3 68,14 64,36 48,46 36,47", "36,47 64,52 72,74 56,95 26,94"],
        ],
        [
            ["32,4 27,30 22,58", "22,58 50,58 80,57", "66,22 64,60 62,98"],
            ["64,2 42,34 20,66", "20,66 50,66 82,66", "64,2 64,50 64,98"],
            ["27,6 23,36 38,52 56,50 70,40", "72,4 69,50 66,98"],
            ["56,2 38,32 22,62", "22,62 50,61 80,60", "58,36 57,70 56,98"],
        ],
        [
            ["72,4 52,4 34,4", "34,4 31,24 28,44", "28,44 52,38 75,54 73,82 50,98 22,88"],
            ["30,8 29,26 28,44", "28,44 50,38 74,52 74,80 50,97 24,92", "30,8 50,6 76,2"],
            ["74,6 50,3 36,12 34,32 50,44 70,62 66,88 44,97 24,90"],
        ],
        [
            ["66,4 40,22 25,56 28,86 50,98 72,86 72,64 52,52 34,60 27,74"],
            ["54,2 36,36 25,68 34,93 56,97 73,80 66,60 46,57 29,72"],
            ["70,8 50,4 32,24 24,58 32,90 56,97 74,78 62,56 40,56 27,70"],
        ],
        [
            ["22,6 50,5 76,5", "76,5 58,48 44,98"],
            ["22,6 50,5 76,5", "76,5 58,48 44,98", "36,52 54,50 74,49"],
            ["24,20 24,6", "24,6 50,7 74,4", "74,4 64,40 58,98"],
        ],
        [
            ["68,16 50,2 30,12 32,34 52,48 72,64 72,86 50,98 28,86 28,64 48,49 67,34 68,16"],
            ["50,2 32,12 32,34 50,46 68,34 68,12 50,2", "50,46 26,58 26,86 50,98 74,86 74,58 50,46"],
            ["72,10 48,2 30,16 44,40 66,62 70,86 48,98 28,84 36,60 60,38 72,10"],
        ],
        [
            ["72,28 56,46 34,42 26,24 40,4 62,4 73,24", "73,24 72,60 62,98"],
            ["72,26 58,48 34,46 25,26 38,5 60,4 73,22", "73,22 75,60 62,90 34,95"],
            ["70,8 46,2 27,20 34,44 56,46 72,26", "72,26 70,10", "72,26 68,60 64,98"],
        ],
    ];

    private static readonly PlanePoint[][][][] Glyphs =
        Array.ConvertAll(Sources, digit => Array.ConvertAll(digit, glyph => Array.ConvertAll(glyph, Parse)));

    /// <summary>The ways to write <paramref name="digit"/>: [way][stroke][point], coordinates from −½ to ½ about the centre of the box.</summary>
    public static PlanePoint[][][] Of(int digit) => Glyphs[digit];

    private static PlanePoint[] Parse(string stroke) => Array.ConvertAll(stroke.Split(' '), point =>
    {
        string[] xy = point.Split(',');
        return new PlanePoint(Hundredths(xy[0]) - 0.5, Hundredths(xy[1]) - 0.5);
    });

    private static double Hundredths(string text) => int.Parse(text, CultureInfo.InvariantCulture) / 100.0;
}
