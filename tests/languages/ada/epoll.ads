--  An Ada library's own declarations of epoll.
with Interfaces;   use Interfaces;
with Interfaces.C; use Interfaces.C;
with Layout;

package Epoll is

   type Epoll_Event is record
      Events : Unsigned_32;
      Data   : Unsigned_64;
   end record
   with Convention => C, Alignment => Layout.Alignment;

   for Epoll_Event use record
      Events at 0                  range 0 .. 31;
      Data   at Layout.Data_Offset range 0 .. 63;
   end record;

   EPOLLIN       : constant Unsigned_32 := 16#001#;
   EPOLL_CLOEXEC : constant := 8#2000000#;

   function Epoll_Ctl (Epfd, Op, Fd : int; Event : access Epoll_Event) return int
   with Import, Convention => C, External_Name => "epoll_ctl";

end Epoll;
