namespace Talweg.Studies.Running;

/// <summary>Cells failed by a mistake of ours. What the other cells measured is kept.</summary>
public sealed class CellFailedException : Exception
{
    internal CellFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
