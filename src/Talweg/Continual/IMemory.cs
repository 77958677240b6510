using Talweg.Training;

namespace Talweg.Continual;

/// <summary>What is remembered of the tasks learned so far: a term that keeps the weights, or what they do, from being lost.</summary>
public interface IMemory : IPenalty
{
    /// <summary>Bytes of memory that it takes.</summary>
    long Bytes { get; }
}
