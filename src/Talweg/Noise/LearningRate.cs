namespace Talweg.Noise;

/// <summary>What every measure of this room asks of a learning rate.</summary>
internal static class LearningRate
{
    /// <exception cref="ArgumentOutOfRangeException">α is not a positive number.</exception>
    public static void RequirePositive(double learningRate)
    {
        if (!(learningRate > 0 && double.IsFinite(learningRate)))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate must be a positive number.");
    }
}
